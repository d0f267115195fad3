// What happens to a training beside its rounds: tests on its own environment, and other options in the middle.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "agent/algorithm.h"
#include "ddpg/error.h"

namespace ddpg {

void check_same_sizes(const Specification& before, const Specification& now) {
  if (now.observation_size == before.observation_size && now.action_low == before.action_low &&
      now.action_high == before.action_high && now.metric_names == before.metric_names &&
      now.time_limit == before.time_limit && now.control_period == before.control_period)
    return;
  throw UsageError(
      fmt::format("[changes] the changed settings make another task of {}: its observations, actions, bounds, "
                  "metrics, time limit and control period must stay as they are; train it anew, or from what this run "
                  "has learnt: ddpg train --from RUN",
                  before.name));
}

bool Algorithm::between_episodes() const {
  const StepResult last = environments_.result(0);
  return last.terminated || last.truncated || last.broke_down || !environments_.played(0);
}

void Algorithm::restart() {
  environments_.reset(0);
  agent_->cut_episode(0);
  metrics_[0].clear();
  begin_episode(0);
}

void Algorithm::change(const Options& options, VectorEnvironment::Copies copies) {
  Specification specification = agent_->specification();
  if (!copies.empty()) specification.goals = copies.front()->specification().goals;  // another world judges otherwise
  auto changed = std::make_unique<AgentCore>(options, specification, environments_.copies(), compute(), agent_->data());
  changed->continue_from(*agent_);
  agent_ = std::move(changed);
  if (copies.empty()) return;
  VectorEnvironment others(std::move(copies), options.seed, Autoreset::same_step,
                           std::min(options.threads, options.environments) + (overlap_ ? 1 : 0));
  check_same_sizes(environments_.specification(), others.specification());
  for (const int actor : actors_) others.random(actor) = environments_.random(actor);
  environments_ = std::move(others);
  environments_.reset();
  for (const int actor : actors_) {
    agent_->cut_episode(actor);
    metrics_[static_cast<std::size_t>(actor)].clear();
    begin_episode(actor);
  }
}

}  // namespace ddpg
