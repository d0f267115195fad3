#include "support/specification.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "ddpg/error.h"

namespace ddpg {
namespace {

constexpr float kFarthestBound = 1e18f;  // of an action: its square is still a float

void check_bounds(const std::string& name, const Specification& specification) {
  const auto& low = specification.action_low;
  const auto& high = specification.action_high;
  if (low.empty() || low.size() != high.size()) {
    throw Error(fmt::format("[{}] action_low and action_high must have the same size >= 1, found {} and {}", name,
                            low.size(), high.size()));
  }
  const auto sensible = [](float bound) { return bound >= -kFarthestBound && bound <= kFarthestBound; };
  for (std::size_t i = 0; i < low.size(); i++) {
    if (sensible(low[i]) && sensible(high[i]) && low[i] < high[i]) continue;
    throw Error(
        fmt::format("[{}] action bounds must be finite with low < high, and within +-{:g}, found [{}, {}] in "
                    "dimension {}; they are what the actions are scaled to: give the range that is really sent",
                    name, kFarthestBound, low[i], high[i], i));
  }
}

// Names and units go into the policy file, which holds one for each number or none.
void check_texts(const std::string& name, const std::vector<std::string>& texts, std::size_t size, const char* what) {
  if (texts.empty() || texts.size() == size) return;
  throw Error(fmt::format("[{}] {} must have {} elements or none, found {}", name, what, size, texts.size()));
}

// They become columns of tables and parts of tags.
void check_metric_names(const std::string& name, const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 200, kLongest = 64;
  if (names.size() > kMost)
    throw Error(fmt::format("[{}] metric_names must be at most {}, found {}", name, kMost, names.size()));
  const auto fits = [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  };
  for (std::size_t i = 0; i < names.size(); i++) {
    if (names[i].empty() || names[i].size() > kLongest || !std::all_of(names[i].begin(), names[i].end(), fits))
      throw Error(fmt::format("[{}] metric_names[{}] must be 1 to {} letters, digits, '_', '-' and '.', found \"{}\"",
                              name, i, kLongest, names[i]));
    if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) !=
        names.begin() + static_cast<std::ptrdiff_t>(i))
      throw Error(fmt::format("[{}] metric_names holds \"{}\" twice", name, names[i]));
  }
}

void check_goals(const std::string& name, const Specification& specification) {
  const Goals& goals = specification.goals;
  if (goals.size == 0) return;
  const auto within = [&](int begin) {
    return begin >= 0 && goals.size > 0 && begin <= specification.observation_size - goals.size;
  };
  const bool apart = goals.achieved <= goals.desired - goals.size || goals.desired <= goals.achieved - goals.size;
  if (!within(goals.achieved) || !within(goals.desired) || !apart)
    throw Error(
        fmt::format("[{}] goals: achieved and desired must be two stretches of size numbers in an observation of {}, "
                    "found size = {}, achieved = {}, desired = {}",
                    name, specification.observation_size, goals.size, goals.achieved, goals.desired));
  if (!goals.judge)
    throw Error(
        fmt::format("[{}] goals have no judge: give the function that says what a step is worth by them", name));
}

}  // namespace

void check_specification(const std::string& name, const Specification& specification) {
  if (specification.observation_size < 1) {
    throw Error(fmt::format("[{}] observation_size must be >= 1, found {}", name, specification.observation_size));
  }
  if (specification.time_limit < 0) {
    throw Error(fmt::format("[{}] time_limit must be >= 0 (0: none), found {}", name, specification.time_limit));
  }
  if (!std::isfinite(specification.control_period) || specification.control_period < 0) {
    throw Error(fmt::format("[{}] control_period must be finite and >= 0 (0: unknown), found {}", name,
                            specification.control_period));
  }
  check_bounds(name, specification);
  const auto observations = static_cast<std::size_t>(specification.observation_size);
  check_texts(name, specification.observation_names, observations, "observation_names");
  check_texts(name, specification.observation_units, observations, "observation_units");
  check_texts(name, specification.action_names, specification.action_low.size(), "action_names");
  check_texts(name, specification.action_units, specification.action_low.size(), "action_units");
  check_metric_names(name, specification.metric_names);
  check_goals(name, specification);
}

}  // namespace ddpg
