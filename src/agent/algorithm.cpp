// Algorithm 1 of Lillicrap et al. 2015, "Continuous control with deep reinforcement learning", line by line.
//   1  randomly initialise critic Q(s, a) and actor mu(s)                 Learned, in learned.h
//   2  initialise targets Q', mu' as their copies                         Learned
//   3  initialise replay buffer R                                         Replay
//   4-6  for each episode: initialise the noise N, receive s_1            begin_episode()
//   7-10  for each step: act, execute, store                              step()
//   11-15  learn                                                          Learner::update(), in learner.cpp
// The agent knows no environment (agent_core.h); here it meets them. To own this loop: ddpg/agent.h. What
// departs from the paper is an option whose source stands in options.h.
#include "agent/algorithm.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "ddpg/error.h"
#include "support/stop.h"

namespace ddpg {

void Algorithm::step(std::int64_t most, const std::atomic<bool>* stop) {
  const int actors = static_cast<int>(std::min<std::int64_t>(most, environments_.copies()));

  // 8  a_t = mu(s_t) + N_t, in each environment
  agent_->act(std::span(actors_).first(static_cast<std::size_t>(actors)), actions(actors));

  // 9  execute a_t, observe r_t and s_{t+1}; overlapped, what the round before is still owed is learnt meanwhile
  execute(actors);

  // 10  store (s_t, a_t, r_t, s_{t+1}) in R
  for (int actor = 0; actor < actors; actor++) observe(actor);

  // 11-15
  if (!overlap_) learn(stop);
}

bool Loop::learn(const std::atomic<bool>* stop) {
  while (!is_set(stop) && agent_->learn(1) > 0) continue;
  return agent_->updates_due() == 0;
}

void Algorithm::begin_episode(int actor) {
  const std::span<const double> first = environments_.observation(actor);
  check_observation(actor, agent_->steps(), first);
  agent_->begin_episode(actor, first);
}

void Algorithm::execute(int actors) {
  bool learning_failed = false;
  const auto meanwhile = [&] {
    learning_failed = true;
    agent_->learn();
    learning_failed = false;
  };
  try {
    overlap_ ? environments_.step(actions(actors), meanwhile) : environments_.step(actions(actors));
  } catch (...) {
    if (learning_failed) throw;
    rethrow_of_environment();
  }
}

// Where the step ended an episode, the environment has begun the next within it; or it begins that in place of the next
// step, in which nothing is played.
void Algorithm::observe(int actor) {
  if (!environments_.played(actor)) return begin_episode(actor);
  const StepResult result = environments_.result(actor);
  const std::span<const double> next = environments_.next_observation(actor);
  if (!result.broke_down) {
    check_observation(actor, agent_->steps() + 1, next);
    check_reward(actor, agent_->steps() + 1, result.reward);
  }
  agent_->observe(actor, action(actor), result, next);
  const bool ended = result.terminated || result.truncated || result.broke_down;
  take_metrics(actor, result, ended);
  if (ended && !environments_.awaits_reset(actor)) begin_episode(actor);
}

void Algorithm::take_metrics(int actor, const StepResult& result, bool ended) {
  EpisodeMeans& means = metrics_[static_cast<std::size_t>(actor)];
  if (means.figures() == 0) return;
  if (!result.broke_down) means.add(environments_.metrics(actor));
  if (!ended) return;
  agent_->add_metrics(means.means());
  means.clear();
}

namespace {

std::unique_ptr<ThreadPool> make_pool(int threads) {
  return threads > 1 ? std::make_unique<ThreadPool>(threads) : nullptr;
}

VectorEnvironment::Copies only(std::unique_ptr<Environment> environment) {
  VectorEnvironment::Copies copies;
  copies.push_back(std::move(environment));
  return copies;
}

}  // namespace

Algorithm::Algorithm(const Options& options, VectorEnvironment::Copies environments, const Kernels* kernels,
                     const std::atomic<bool>* stop, const std::function<void(AgentCore&)>& prepare)
    : overlap_(options.overlap),
      keeps_replay_(options.checkpoint_replay),
      kernels_(kernels ? kernels : &best_kernels()),
      pool_(make_pool(options.threads)),
      environments_(std::move(environments), options.seed, Autoreset::same_step,
                    std::min(options.threads, options.environments) + (overlap_ ? 1 : 0)),
      actors_(static_cast<std::size_t>(environments_.copies())),
      size_(static_cast<std::size_t>(environments_.specification().action_size())),
      actions_(actors_.size() * size_),
      metrics_(actors_.size(), EpisodeMeans(environments_.specification().metric_names.size())) {
  agent_ = std::make_unique<AgentCore>(
      options, environments_.specification(), environments_.copies(), compute(),
      options.data.empty() && !options.keep_replay ? AgentCore::Data::none : AgentCore::Data::may_be_added);
  if (environments_.copies() != options.environments)
    throw UsageError(fmt::format("[training] environments = {}, found {} environments to train on",
                                 options.environments, environments_.copies()));
  if (prepare) prepare(*agent_);
  std::iota(actors_.begin(), actors_.end(), 0);
  environments_.reset(stop);
  for (const int actor : actors_) begin_episode(actor);
}

Algorithm::Algorithm(const Options& options, std::unique_ptr<Environment> environment, const Kernels* kernels)
    : Algorithm(options, only(std::move(environment)), kernels) {}

}  // namespace ddpg
