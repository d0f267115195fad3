#include "agent/scale.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ddpg {
namespace {

// Networks with fan-in initialisation and Adam at 1e-3 are made for numbers near 1. The tasks that ddpg brings keep to
// these limits.
constexpr double kLargest = 1e3, kSmallest = 1e-3;  // of observations (root mean square) and rewards (the largest)
constexpr double kLargestValue = 1e5;
constexpr double kNear = 100;  // a value below it is not called diverging
constexpr double kLargestBound = 1e9;
constexpr std::int64_t kEnough = 100;  // rewards seen before anything counts as too small
// Updates of the actor. One came back after 13,228 (our-ddpg with 1,000 random steps on Hopper-v5, seed 0).
constexpr std::int64_t kSaturatedForGood = 20'000;

std::string bounds_of(const Specification& specification) {
  for (std::size_t i = 0; i < specification.action_low.size(); i++) {
    const float low = specification.action_low[i], high = specification.action_high[i];
    if (std::max(std::fabs(low), std::fabs(high)) > static_cast<float>(kLargestBound))
      return fmt::format(
          "the bounds of action[{}], {:g} and {:g}, are so wide that they are none: random actions and noise spread "
          "over all of them; give the environment the bounds that its actions really have",
          i, low, high);
  }
  return "";
}

}  // namespace

Scale::Scale(const Options& options, const Specification& specification)
    : normalises_observations_(options.normalise_observations),
      normalises_rewards_(options.normalise_rewards),
      plays_at_random_(options.warmup_steps > 0 && options.offline_updates == 0),
      penalises_actions_(options.actor.action_l2 > 0),
      discount_(options.discount),
      has_ends_(is_distribution(options.critic.head)),
      v_min_(options.critic.v_min),
      v_max_(options.critic.v_max),
      bounds_(bounds_of(specification)),
      squares_(static_cast<std::size_t>(specification.observation_size), 0.0) {}

void Scale::see_observation(std::span<const double> observation) {
  observations_seen_++;
  for (std::size_t i = 0; i < squares_.size(); i++) squares_[i] += observation[i] * observation[i];
}

void Scale::see_reward(double reward) {
  rewards_seen_++;
  reward_ = std::max(reward_, std::fabs(reward));
  lowest_reward_ = std::min(lowest_reward_, reward);
  highest_reward_ = std::max(highest_reward_, reward);
}

void Scale::see_value(double q, double deviation) {
  if (std::fabs(q) > std::fabs(q_)) q_ = q;
  largest_q_ = std::max(largest_q_, std::fabs(q) / deviation);
  newest_q_ = q / deviation;
}

void Scale::see_saturation(double share) {
  saturated_updates_ = share < 1 ? 0 : saturated_updates_ + 1;
}

std::string Scale::observations() const {
  if (normalises_observations_ || observations_seen_ == 0) return "";
  const auto largest = std::ranges::max_element(squares_);
  const double size = std::sqrt(*largest / static_cast<double>(observations_seen_));
  const bool small = rewards_seen_ >= kEnough && size > 0 && size < kSmallest;
  if (size <= kLargest && !small) return "";
  return fmt::format(
      "observations are out of scale: observation[{}], the largest, is of size {:.3g} (root mean square), and networks "
      "learn from numbers near 1; set normalise_observations = true",
      largest - squares_.begin(), size);
}

std::string Scale::rewards() const {
  const bool small = rewards_seen_ >= kEnough && reward_ > 0 && reward_ < kSmallest;
  if (normalises_rewards_ || has_ends_ || (reward_ <= kLargest && !small)) return "";
  return fmt::format(
      "rewards are out of scale: the largest so far is {:.3g} in size, and the critic learns numbers near 1 best; set "
      "normalise_rewards = true",
      reward_);
}

// A distribution over values: its mean begins in the middle, and comes near an end only where values are near it. That
// is a fault where rewards can add up to more.
std::string Scale::ends() const {
  const double near = 0.02 * (v_max_ - v_min_);
  const bool low = newest_q_ < v_min_ + near && (normalises_rewards_ || lowest_reward_ < v_min_ * (1 - discount_));
  const bool high = newest_q_ > v_max_ - near && (normalises_rewards_ || highest_reward_ > v_max_ * (1 - discount_));
  if (!low && !high) return "";
  return fmt::format(
      "values lie at an end: the mean of Q is {:.3g}{}, and critic.{} = {:g} is where they end; what lies beyond "
      "cannot be learnt; set it {}",
      newest_q_, normalises_rewards_ ? " deviations of the return" : "", low ? "v_min" : "v_max", low ? v_min_ : v_max_,
      low ? "lower" : "higher");
}

// What the rewards can add up to at most bounds every value; a mean beyond twice that is no estimate any more.
std::string Scale::values() const {
  if (has_ends_) return ends();
  const double most = reward_ / (1 - discount_);
  if (largest_q_ > kNear && std::fabs(q_) > 2 * most)
    return fmt::format(
        "Q diverges: its mean has reached {:.3g}, and rewards of at most {:.3g} add up to no more than {:.3g}; lower "
        "critic.learning_rate, actor.learning_rate or tau",
        q_, reward_, most);
  if (largest_q_ > kLargestValue && !normalises_rewards_)
    return fmt::format(
        "values are out of scale: the mean of Q has reached {:.3g}, and the critic learns numbers near 1 best; set "
        "normalise_rewards = true",
        q_);
  return "";
}

// At a bound tanh has next to no slope: an actor that is there in every state learns nothing more, whatever Q says.
std::string Scale::saturation() const {
  if (saturated_updates_ < kSaturatedForGood) return "";
  return fmt::format(
      "the actor is saturated: each action of its last {} updates was at a bound, where the actor has next to no "
      "gradient to learn from; if the task does not ask for that, start again with a lower actor.learning_rate{} or "
      "with {}",
      saturated_updates_, plays_at_random_ ? ", with fewer random steps (warmup_steps, learning_starts)" : "",
      penalises_actions_ ? "a higher actor.action_l2" : "actor.action_l2 = 0.1");
}

std::string Scale::take_warning() {
  const std::array<std::string, kWarnings> found = {bounds_, observations(), rewards(), values(), saturation()};
  std::string warning;
  for (std::size_t i = 0; i < found.size(); i++) {
    if (found[i].empty() || told_[i] != 0) continue;
    told_[i] = 1;
    warning += (warning.empty() ? "" : "; ") + found[i];
  }
  return warning;
}

std::string Scale::cause() const {
  for (const std::string& found : {bounds_, observations(), rewards(), values()})
    if (!found.empty()) return found;
  return "all that was seen is in scale: lower the learning rates (actor.learning_rate, critic.learning_rate)";
}

void Scale::exchange(Snapshot& snapshot) {
  if (snapshot.restores() && !snapshot.has("rewards_seen")) return;  // of before there was a scale
  snapshot.value("rewards_seen", rewards_seen_);
  snapshot.value("observations_seen", observations_seen_);
  snapshot.array("squares", squares_);
  snapshot.value("reward", reward_);
  snapshot.value("q", q_);
  snapshot.value("largest_q", largest_q_);
  snapshot.array("told", std::span(told_).first(kWarnings - 1), {kWarnings - 1});
  exchange_saturation(snapshot);
  if (!has_ends_) return;
  snapshot.value("lowest_reward", lowest_reward_);
  snapshot.value("highest_reward", highest_reward_);
}

void Scale::take_learnt(Snapshot& snapshot) {
  if (snapshot.has("reward")) snapshot.value("reward", reward_);
}

// By names of its own: checkpoints of before know nothing of it.
void Scale::exchange_saturation(Snapshot& snapshot) {
  if (snapshot.restores() && !snapshot.has("saturated_updates")) return;  // of before it was counted
  snapshot.value("saturated_updates", saturated_updates_);
  snapshot.value("saturation_told", told_.back());
}

}  // namespace ddpg
