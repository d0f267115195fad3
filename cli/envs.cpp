// ddpg envs: the environments that can be trained on.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "ddpg/environment.h"
#include "ddpg/error.h"
#include "output.h"
#include "record/text.h"
#include "verbs.h"

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

std::vector<std::string> row(const nlohmann::ordered_json& environment) {
  const std::string name = environment["name"], summary = environment["summary"];
  if (environment.contains("unavailable"))
    return {name, "-", "-", "-", "-", "cannot be made here: " + std::string(environment["unavailable"])};
  const int limit = environment["time_limit"];
  return {name,
          environment["observation_size"].dump(),
          environment["action_size"].dump(),
          limit > 0 ? grouped(limit) : "none",
          grouped(environment["suggested_steps"]),
          summary};
}

}  // namespace

int run(const EnvsArguments&, const Arguments& common) {
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
  for (const auto& environment : all) {
    const std::string name = environment["name"], expected = environment["expected"];
    if (!expected.empty()) print(fmt::format("{}: {}\n", name, expected));
  }
  return kDone;
}

}  // namespace ddpg::cli
