// ddpg envs: the environments that can be trained on.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "ddpg/environment.h"
#include "ddpg/error.h"
#include "program/output.h"
#include "program/verbs.h"
#include "record/text.h"

namespace ddpg::cli {

namespace {

// One environment with its sizes; where it cannot be made (an optional part that was not built), with the reason.
nlohmann::ordered_json describe(const EnvironmentEntry& entry) {
  nlohmann::ordered_json described = {{"name", entry.name},
                                      {"summary", entry.summary},
                                      {"suggested_steps", entry.suggested_steps},
                                      {"expected", entry.expected}};
  try {
    const auto environment = make_environment(entry.name);
    const Specification& specification = environment->specification();
    described["observation_size"] = specification.observation_size;
    described["action_size"] = specification.action_size();
    described["action_low"] = specification.action_low;
    described["action_high"] = specification.action_high;
    described["time_limit"] = specification.time_limit;
  } catch (const Error& error) {
    described["unavailable"] = error.what();
  }
  return described;
}

// "6 in [-1, 1]"; where the dimensions have different bounds, "2, bounds differ" (--json lists them)
std::string describe_actions(const nlohmann::ordered_json& environment) {
  const std::vector<float> low = environment["action_low"], high = environment["action_high"];
  const auto same = [](const std::vector<float>& bounds) {
    return std::all_of(bounds.begin(), bounds.end(), [&](float bound) { return bound == bounds[0]; });
  };
  if (!same(low) || !same(high)) return fmt::format("{}, bounds differ", low.size());
  return fmt::format("{} in [{}, {}]", low.size(), low[0], high[0]);
}

std::vector<std::string> row(const nlohmann::ordered_json& environment) {
  const std::string name = environment["name"], summary = environment["summary"];
  const std::string steps = grouped(environment["suggested_steps"]);
  if (environment.contains("unavailable")) return {name, "-", "-", "-", steps, summary};
  const int limit = environment["time_limit"];
  return {name,
          environment["observation_size"].dump(),
          describe_actions(environment),
          limit > 0 ? grouped(limit) : "none",
          steps,
          summary};
}

// Each reason once, with the environments that cannot be made for it.
void print_unavailable(const nlohmann::ordered_json& all) {
  std::map<std::string, std::vector<std::string>> names;
  for (const auto& environment : all) {
    if (!environment.contains("unavailable")) continue;
    const std::string name = environment["name"], prefix = "[" + name + "] ";
    std::string reason = environment["unavailable"];
    if (reason.starts_with(prefix)) reason.erase(0, prefix.size());
    names[reason].push_back(name);
  }
  for (const auto& [reason, those] : names) print(fmt::format("\nNot here: {}.\n{}\n", fmt::join(those, ", "), reason));
}

int run(const Common& common) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const EnvironmentEntry& entry : environments()) all.push_back(describe(entry));
  if (common.json) {
    print_json({{"environments", all}});
    return kDone;
  }
  std::vector<std::vector<std::string>> rows = {{"NAME", "OBSERVATIONS", "ACTIONS", "TIME LIMIT", "STEPS", "TASK"}};
  for (const auto& environment : all) rows.push_back(row(environment));
  print(table(rows));
  print("\nSTEPS is what `train` takes when not told otherwise.\n");
  print_unavailable(all);
  print("\n");
  for (const auto& environment : all) {
    const std::string name = environment["name"], expected = environment["expected"];
    if (!expected.empty()) print(fmt::format("{}: {}\n", name, expected));
  }
  return kDone;
}

}  // namespace

Run add_envs(Flags&) {
  return run;
}

}  // namespace ddpg::cli
