// Who acts, what is stored, and when learning is due. An update itself: learner.cpp. What is reported about it:
// agent_report.cpp.
#include "agent/agent_core.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ddpg/error.h"
#include "support/stop.h"

namespace ddpg {

AgentCore::AgentCore(const Options& options, const Specification& specification, int actors, Compute compute, Data data)
    : options_(options),
      specification_(specification),
      compute_(compute),
      data_(data),
      collector_(options, specification, actors, compute),
      learner_(options, specification, compute),
      replay_(specification.observation_size, specification.action_size(), options.replay_capacity,
              actors + (data == Data::may_be_added ? 1 : 0)),
      scale_(options, specification),
      mu_of_one_(options, specification, 1),
      learning_from_(steps_before_learning(options)),
      metrics_(specification.metric_names.size()),
      unscaled_action_(specification.action_low.size()),
      one_observation_(1, specification.observation_size),
      one_action_(1, specification.action_size()),
      one_embedding_(networks().encoder(), specification.observation_size, specification.action_size(), 1, false),
      one_critic_trace_(networks().critic().network, 1, false) {
  if (options.assessment.episodes > 0) assessed_.emplace(Assessed{Assessment(options.assessment), policy_now()});
}

void AgentCore::begin_episode(int actor, std::span<const double> observation) {
  scale_.see_observation(observation);
  collector_.begin_episode(actor, observation);
  replay_.begin_episode(collector_.stored(observation), actor);
}

void AgentCore::act(std::span<const int> actors, std::span<float> actions) {
  collector_.act(actors, steps_, networks().policy_weights(), actions);
  const auto wrong = std::ranges::find_if_not(actions, [](float x) { return std::isfinite(x); });
  if (wrong == actions.end()) return;
  fail(fmt::format("action[{}]", (wrong - actions.begin()) % specification_.action_size()), *wrong);
}

void AgentCore::observe(int actor, std::span<const float> action, const StepResult& result,
                        std::span<const double> next_observation) {
  if (result.broke_down) {
    breakdowns_++;
    return end_episode(actor);
  }
  if (assessed_) note_beginning(actor);
  steps_++;
  scale_.see_observation(next_observation);
  scale_.see_reward(result.reward);
  collector_.observe(actor, result, next_observation);
  replay_.add(unscaled(action), result.reward, result.terminated, result.truncated, collector_.stored(next_observation),
              actor);
  if (!result.terminated && !result.truncated) return;
  finish_episode(actor);
  if (assessed_) assess(actor);
}

// As the critic and the replay buffer see it.
std::span<const float> AgentCore::unscaled(std::span<const float> action) {
  for (std::size_t i = 0; i < action.size(); i++) unscaled_action_[i] = collector_.bounds().unscale(i, action[i]);
  return unscaled_action_;
}

void AgentCore::end_episode(int actor) {
  const bool played = collector_.played(actor);
  cut_episode(actor);
  if (played) finish_episode(actor);
}

void AgentCore::cut_episode(int actor) {
  replay_.cut_episode(actor);
  collector_.end_episode(actor);
}

// In the replay buffer it is as if another actor had lived it.
void AgentCore::add(const Transition& transition) {
  const int actor = collector_.actors();
  if (added_ != transition.observation) {
    replay_.cut_episode(actor);
    scale_.see_observation(transition.observation);
    collector_.learn_first(actor, transition.observation);
    replay_.begin_episode(collector_.stored(transition.observation), actor);
  }
  scale_.see_observation(transition.next_observation);
  scale_.see_reward(transition.reward);
  collector_.learn_step(actor, transition.reward, transition.next_observation);
  replay_.add(unscaled(transition.action), transition.reward, transition.terminated, transition.truncated,
              collector_.stored(transition.next_observation), actor);
  added_.clear();
  if (!transition.terminated && !transition.truncated) added_ = transition.next_observation;
}

void AgentCore::end_added() {
  replay_.cut_episode(collector_.actors());
  added_.clear();
}

void AgentCore::finish_episode(int actor) {
  episodes_++;
  measures_.add(&Progress::training_return, collector_.episode_return(actor));
}

// A ratio of the steps since learning started, whatever the interval and however many actors play. Between two
// multiples of the interval, and while a policy is assessed, none becomes due.
std::int64_t AgentCore::updates_of_steps() const {
  const std::int64_t steps = steps_learnt_from(), step = steps - steps % options_.update_interval;
  if (step <= learning_from_) return updates_before_;
  return updates_before_ +
         static_cast<std::int64_t>(std::floor(options_.updates_per_step.sum(learning_from_, step) + 1e-9));
}

std::int64_t AgentCore::updates_due() const {
  if (replay_.size() < options_.batch_size) return 0;
  return std::max<std::int64_t>(0, updates_of_steps() - updates_of_due());
}

std::int64_t AgentCore::learn(std::int64_t most) {
  const std::int64_t due = std::min(most, updates_due());
  for (std::int64_t done = 0; done < due; done++) {
    update();
    check_update();
  }
  return due;
}

void AgentCore::update(std::int64_t n) {
  for (std::int64_t done = 0; done < n; done++) {
    update();
    updates_beside_++;  // one that a judge of goals keeps from being made is not counted
    check_update();
  }
}

bool AgentCore::learn_offline(const std::atomic<bool>* stop) {
  if (updates_beside_ < options_.offline_updates && replay_.size() < options_.batch_size)
    throw UsageError(
        fmt::format("[training] offline_updates = {}: a minibatch has batch_size = {} transitions, and the data {}; "
                    "give more of it",
                    options_.offline_updates, options_.batch_size, replay_.size()));
  while (updates_beside_ < options_.offline_updates && !is_set(stop)) update(1);
  return updates_beside_ >= options_.offline_updates;
}

// 11-15
void AgentCore::update() {
  if (assessed_) assessed_->assessment.before_update(updates());
  const std::int64_t before = measures_.count(&Progress::saturated_share);
  learner_.update(replay_, collector_.normaliser(), collector_.reward_normaliser(), measures_, steps_);
  if (measures_.count(&Progress::saturated_share) > before)
    scale_.see_saturation(measures_.newest(&Progress::saturated_share));
}

double AgentCore::value(std::span<const double> observation, std::span<const float> action) {
  collector_.load(observation, one_observation_.view());
  const Panels row = one_action_.view();
  const std::span<const float> u = unscaled(action);
  for (int i = 0; i < row.width; i++) row.at(0, i) = u[static_cast<std::size_t>(i)];
  const Compute alone{compute_.kernels, nullptr};
  one_embedding_.of_state(Age::fixed, alone, one_observation_.view());
  const Inputs read = one_embedding_.of_action(Age::fixed, alone, one_observation_.view(), row);
  return learner_.value(read, one_critic_trace_) * collector_.unit_of_rewards();
}

}  // namespace ddpg
