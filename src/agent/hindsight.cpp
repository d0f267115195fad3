#include "agent/hindsight.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "agent/exchange_stream.h"
#include "support/divergence.h"

namespace ddpg {

std::string why_no_hindsight(const Options& options, const Specification& specification) {
  if (options.replay.hindsight == 0 || specification.goals.size > 0) return "";
  return fmt::format(
      "replay.hindsight = {} needs a task with goals (Specification::goals), and {} has none, or a wrapper around it "
      "shows them no longer as they are (action_repeat, observation_delay, sensor_noise, frame_stack)",
      options.replay.hindsight, specification.name);
}

Hindsight::Hindsight(const Options& options, const Goals& goals)
    : goals_(goals),
      share_(options.replay.hindsight / (1 + options.replay.hindsight)),
      random_(options.seed, "hindsight"),
      achieved_(static_cast<std::size_t>(options.batch_size) * static_cast<std::size_t>(goals.size)),
      desired_(achieved_.size()),
      results_(static_cast<std::size_t>(options.batch_size)) {
  rows_.reserve(results_.size());
}

// A row's new goal is what one of the steps from its own to the last of its episode led to, all alike. What terminated
// does so whatever the goal: where the goal decides, the row's own step, which then is the last, led to the new one.
void Hindsight::relabel(const Replay& replay, const Normaliser* normaliser, Minibatch& minibatch) {
  rows_.clear();
  for (std::size_t i = 0; i < minibatch.index.size(); i++) {
    if (random_.uniform() >= share_) continue;
    const auto left = static_cast<std::uint64_t>(replay.steps_left(minibatch.index[i]));
    const auto steps = static_cast<std::int64_t>(random_.below(left));
    take_goal(replay.later_observation(minibatch.index[i], steps), normaliser, minibatch, static_cast<int>(i));
  }
  const std::size_t numbers = rows_.size() * static_cast<std::size_t>(goals_.size);
  const std::span<StepResult> results = std::span(results_).first(rows_.size());
  for (StepResult& result : results) result = {};
  if (!rows_.empty()) goals_.judge(std::span(achieved_).first(numbers), std::span(desired_).first(numbers), results);
  for (std::size_t n = 0; n < rows_.size(); n++) {
    const auto row = static_cast<std::size_t>(rows_[n]);
    if (!finite_as_float(results[n].reward)) fail(n, results[n].reward);
    minibatch.reward[row] = static_cast<float>(results[n].reward);
    if (results[n].terminated) minibatch.discount[row] = 0;
  }
}

// Achieved and desired goal may be kept from different origins. What is judged is what the networks will see.
void Hindsight::take_goal(std::span<const float> from, const Normaliser* normaliser, Minibatch& minibatch, int row) {
  const auto origin = [&](int i) { return normaliser ? normaliser->origin()[static_cast<std::size_t>(i)] : 0; };
  const Panels now = minibatch.observation.view(), next = minibatch.next_observation.view();
  const std::size_t first = rows_.size() * static_cast<std::size_t>(goals_.size);
  for (int i = 0; i < goals_.size; i++) {
    const int achieved = goals_.achieved + i, desired = goals_.desired + i;
    const double reached = from[static_cast<std::size_t>(achieved)] + origin(achieved);
    const auto goal = static_cast<float>(reached - origin(desired));
    now.at(row, desired) = next.at(row, desired) = goal;
    desired_[first + static_cast<std::size_t>(i)] = goal + origin(desired);
    achieved_[first + static_cast<std::size_t>(i)] = next.at(row, achieved) + origin(achieved);
  }
  rows_.push_back(row);
}

void Hindsight::fail(std::size_t n, double reward) const {
  const auto size = static_cast<std::size_t>(goals_.size);
  throw Divergence(
      fmt::format("[hindsight] the judge of the task's goals (Specification::goals, in Python compute_reward) gives a "
                  "reward of {}, expected a finite number (of 32 bits); what was reached: {}, the goal: {}",
                  reward, std::span(achieved_).subspan(n * size, size), std::span(desired_).subspan(n * size, size)));
}

void Hindsight::exchange(Snapshot& snapshot) {
  exchange_stream(snapshot, "hindsight_random", random_);
}

}  // namespace ddpg
