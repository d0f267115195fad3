// Tasks by name: the built-in ones and those that a program registers.
#include <fmt/format.h>

#include <cmath>
#include <mutex>
#include <utility>

#include "ddpg/environment.h"
#include "ddpg/error.h"
#include "envs/builtin.h"
#include "envs/time_limit.h"
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

void check_bounds(const std::string& name, const Specification& specification) {
  const auto& low = specification.action_low;
  const auto& high = specification.action_high;
  if (low.empty() || low.size() != high.size()) {
    throw Error(fmt::format("[{}] action_low and action_high must have the same size >= 1, found {} and {}", name,
                            low.size(), high.size()));
  }
  for (std::size_t i = 0; i < low.size(); i++) {
    if (std::isfinite(low[i]) && std::isfinite(high[i]) && low[i] < high[i]) continue;
    throw Error(fmt::format("[{}] action bounds must be finite with low < high, found [{}, {}] in dimension {}", name,
                            low[i], high[i], i));
  }
}

// Names and units go into the policy file, which holds one for each number or none.
void check_texts(const std::string& name, const std::vector<std::string>& texts, std::size_t size, const char* what) {
  if (texts.empty() || texts.size() == size) return;
  throw Error(fmt::format("[{}] {} must have {} elements or none, found {}", name, what, size, texts.size()));
}

void check_specification(const std::string& name, const Specification& specification) {
  if (specification.observation_size < 1) {
    throw Error(fmt::format("[{}] observation_size must be >= 1, found {}", name, specification.observation_size));
  }
  if (specification.time_limit < 0) {
    throw Error(fmt::format("[{}] time_limit must be >= 0 (0: none), found {}", name, specification.time_limit));
  }
  if (!std::isfinite(specification.control_period) || specification.control_period < 0) {
    throw Error(fmt::format("[{}] control_period must be finite and >= 0 (0: not told), found {}", name,
                            specification.control_period));
  }
  check_bounds(name, specification);
  const auto observations = static_cast<std::size_t>(specification.observation_size);
  check_texts(name, specification.observation_names, observations, "observation_names");
  check_texts(name, specification.observation_units, observations, "observation_units");
  check_texts(name, specification.action_names, specification.action_low.size(), "action_names");
  check_texts(name, specification.action_units, specification.action_low.size(), "action_units");
}

}  // namespace

void register_environment(EnvironmentEntry entry) {
  if (entry.name.empty()) throw UsageError("[register_environment] the name must not be empty");
  if (!entry.make) throw UsageError(fmt::format("[register_environment] {} has no factory: set `make`", entry.name));
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
  throw UsageError(fmt::format("[environments] no environment is named \"{}\".{} `ddpg envs` lists all.", name,
                               did_you_mean(name, names)));
}

std::unique_ptr<Environment> make_environment(const std::string& name, const EnvironmentSettings& settings) {
  const EnvironmentEntry entry = find_environment(name);
  std::unique_ptr<Environment> environment = entry.make(settings);
  if (environment == nullptr) throw Error(fmt::format("[{}] its factory made no environment", name));
  check_specification(name, environment->specification());
  if (environment->specification().time_limit == 0) return environment;
  return std::make_unique<TimeLimit>(std::move(environment));
}

}  // namespace ddpg
