#include "options/check_targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "options/option_value.h"

namespace ddpg {
namespace {

// Copies renew the range.
void check_seen_range(const Options& options, Violations& violations) {
  if (!options.target.clip_to_seen_range) return;
  if (options.hard_update_interval == 0)
    violations.emplace_back(
        "target.clip_to_seen_range = true must not stand with hard_update_interval = 0, for the range is renewed when "
        "the targets are copied; TD7 copies every 250 updates");
  if (is_distribution(options.critic.head))
    violations.push_back(fmt::format(
        "target.clip_to_seen_range = true must not stand with critic.head = {}, whose values critic.v_min and "
        "critic.v_max bound already",
        to_toml_value(options.critic.head)));
}

// The atoms must differ in 32 bits.
void check_support(const CriticOptions& critic, Violations& violations) {
  if (!is_distribution(critic.head)) return;
  const double largest = std::max(std::fabs(critic.v_min), std::fabs(critic.v_max));
  if (critic.v_max - critic.v_min > 1e-4 * largest) return;
  violations.push_back(
      fmt::format("critic.v_max = {} must be above critic.v_min = {}, and by more than 1/10,000 of the "
                  "larger, with critic.head = {}",
                  critic.v_max, critic.v_min, to_toml_value(critic.head)));
}

// A distribution has ends of its own.
void check_ends(const Options& options, Violations& violations) {
  const TargetOptions& target = options.target;
  if (target.lowest >= target.highest)
    violations.push_back(fmt::format("target.lowest = {} must be below target.highest = {}",
                                     to_toml_value(target.lowest), to_toml_value(target.highest)));
  const bool ends = std::isfinite(target.lowest) || std::isfinite(target.highest);
  if (ends && is_distribution(options.critic.head))
    violations.push_back(fmt::format(
        "target.lowest = {} and target.highest = {} must be -inf and inf with critic.head = {}, whose values "
        "critic.v_min and critic.v_max bound already",
        to_toml_value(target.lowest), to_toml_value(target.highest), to_toml_value(options.critic.head)));
}

// Another goal makes other rewards, of each step.
void check_hindsight(const Options& options, Violations& violations) {
  if (options.replay.hindsight == 0 || options.n_step == 1) return;
  violations.push_back(fmt::format(
      "n_step = {} must be 1 with replay.hindsight = {}, for the rewards on the way are those of the goal that was "
      "asked for",
      options.n_step, options.replay.hindsight));
}

// Copies renew it, too.
void check_largest_priority(const Options& options, Violations& violations) {
  if (!options.replay.renew_largest) return;
  if (options.hard_update_interval == 0)
    violations.emplace_back(
        "replay.renew_largest = true must not stand with hard_update_interval = 0, for the largest priority is renewed "
        "when the targets are copied; TD7 copies every 250 updates");
  if (options.replay.priority == Priority::per)
    violations.emplace_back(
        "replay.renew_largest = true must not stand with replay.priority = \"per\", for it is of lap and fade; give "
        "replay.renew_largest = false");
}

}  // namespace

void check_targets(const Options& options, Violations& violations) {
  check_support(options.critic, violations);
  check_ends(options, violations);
  check_seen_range(options, violations);
  check_hindsight(options, violations);
  check_largest_priority(options, violations);
}

}  // namespace ddpg
