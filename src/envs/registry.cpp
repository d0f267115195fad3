// Tasks by name: the built-in ones and those that a program registers.
#include <fmt/format.h>

#include <mutex>
#include <utility>

#include "ddpg/environment.h"
#include "ddpg/error.h"
#include "envs/builtin.h"
#include "envs/made_again.h"
#include "envs/time_limit.h"
#include "envs/wrappers.h"
#include "support/shown.h"
#include "support/specification.h"
#include "support/suggest.h"

namespace ddpg {
namespace {

struct Registry {
  std::mutex mutex;
  std::map<std::string, EnvironmentEntry> entries;  // sorted by name

  Registry() {
    for (EnvironmentEntry& entry : builtin_environments()) entries.emplace(entry.name, std::move(entry));
  }
};

// made at the first use, so that programs may register from their own static objects
Registry& registry() {
  static Registry instance;
  return instance;
}

}  // namespace

void register_environment(EnvironmentEntry entry) {
  if (entry.name.empty()) throw UsageError("[register_environment] the name must not be empty");
  if (!entry.make) throw UsageError(fmt::format("[register_environment] {} has no factory: set `make`", entry.name));
  if (entry.suggested_steps < 1) {
    throw UsageError(fmt::format("[register_environment] {}: suggested_steps = {}, expected at least 1", entry.name,
                                 entry.suggested_steps));
  }
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  all.entries[entry.name] = std::move(entry);
}

std::vector<EnvironmentEntry> environments() {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  std::vector<EnvironmentEntry> list;
  for (const auto& [name, entry] : all.entries) list.push_back(entry);
  return list;
}

EnvironmentEntry find_environment(const std::string& name) {
  std::vector<std::string> names;
  {
    Registry& all = registry();
    const std::lock_guard lock(all.mutex);
    const auto found = all.entries.find(name);
    if (found != all.entries.end()) return found->second;
    for (const auto& [known, entry] : all.entries) names.push_back(known);
  }
  throw UsageError(fmt::format("[environments] no environment is named \"{}\".{} `ddpg envs` lists all", shown(name),
                               did_you_mean(name, names)));
}

std::unique_ptr<Environment> make_environment(const std::string& name, const EnvironmentSettings& settings) {
  return make_environment(find_environment(name), settings);
}

std::unique_ptr<Environment> make_environment(const EnvironmentEntry& entry, const EnvironmentSettings& settings) {
  std::unique_ptr<Environment> environment = entry.make(own_settings(settings));
  if (environment == nullptr) throw Error(fmt::format("[{}] its factory made no environment", entry.name));
  check_specification(entry.name, environment->specification());
  environment = as_asked(std::move(environment), settings);
  if (environment->specification().time_limit == 0) return environment;
  return std::make_unique<TimeLimit>(std::move(environment));
}

}  // namespace ddpg
