// ddpg envs: the environments that can be trained on.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "ddpg/environment.h"
#include "ddpg/error.h"
#include "program/output.h"
#include "program/verbs.h"
#include "record/text.h"
#include "support/json.h"

namespace ddpg::cli {

namespace {

// One environment with its sizes, or why it cannot be made: it is of an optional part that was not built.
struct Described {
  EnvironmentEntry entry;
  Specification specification;
  std::string unavailable;
};

Described describe(const EnvironmentEntry& entry) {
  try {
    return {entry, make_environment(entry.name)->specification(), ""};
  } catch (const Error& error) {
    return {entry, {}, error.what()};
  }
}

Json as_json(const Described& task) {
  Json json = {{"name", task.entry.name},
               {"summary", task.entry.summary},
               {"suggested_steps", task.entry.suggested_steps},
               {"expected", task.entry.expected}};
  if (!task.unavailable.empty()) {
    json["unavailable"] = task.unavailable;
    return json;
  }
  json["observation_size"] = task.specification.observation_size;
  json["action_size"] = task.specification.action_size();
  json["action_low"] = task.specification.action_low;
  json["action_high"] = task.specification.action_high;
  json["time_limit"] = task.specification.time_limit;
  return json;
}

// "6 in [-1, 1]"; where the dimensions have different bounds, "2, bounds differ" (--json lists them)
std::string in_words(const std::vector<float>& low, const std::vector<float>& high) {
  const auto same = [](const std::vector<float>& bounds) {
    return std::all_of(bounds.begin(), bounds.end(), [&](float bound) { return bound == bounds[0]; });
  };
  if (!same(low) || !same(high)) return fmt::format("{}, bounds differ", low.size());
  return fmt::format("{} in [{}, {}]", low.size(), low[0], high[0]);
}

std::vector<std::string> row(const Described& task) {
  const std::string steps = grouped(task.entry.suggested_steps);
  if (!task.unavailable.empty()) return {task.entry.name, "-", "-", "-", steps, task.entry.summary};
  const Specification& of = task.specification;
  return {task.entry.name,
          std::to_string(of.observation_size),
          in_words(of.action_low, of.action_high),
          of.time_limit > 0 ? grouped(of.time_limit) : "none",
          steps,
          task.entry.summary};
}

// Each reason once, with the environments that cannot be made for it.
void print_unavailable(const std::vector<Described>& all) {
  std::map<std::string, std::vector<std::string>> names;
  for (const Described& task : all) {
    if (task.unavailable.empty()) continue;
    const std::string prefix = "[" + task.entry.name + "] ";
    std::string reason = task.unavailable;
    if (reason.starts_with(prefix)) reason.erase(0, prefix.size());
    names[reason].push_back(task.entry.name);
  }
  for (const auto& [reason, those] : names) print(fmt::format("\nNot here: {}.\n{}\n", fmt::join(those, ", "), reason));
}

int run_envs(const Common& common) {
  std::vector<Described> all;
  for (const EnvironmentEntry& entry : environments()) all.push_back(describe(entry));
  if (common.json) {
    Json list = Json::array();
    for (const Described& task : all) list.push_back(as_json(task));
    print_json({{"environments", list}});
    return kDone;
  }
  std::vector<std::vector<std::string>> rows = {{"NAME", "OBSERVATIONS", "ACTIONS", "TIME LIMIT", "STEPS", "TASK"}};
  for (const Described& task : all) rows.push_back(row(task));
  print(table(rows));
  print("\nSTEPS is what `train` takes without --steps.\n");
  print_unavailable(all);
  print("\n");
  for (const Described& task : all)
    if (!task.entry.expected.empty()) print(fmt::format("{}: {}\n", task.entry.name, task.entry.expected));
  return kDone;
}

}  // namespace

Run add_envs(Flags&) {
  return run_envs;
}

}  // namespace ddpg::cli
