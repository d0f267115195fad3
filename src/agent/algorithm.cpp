// Algorithm 1 of Lillicrap et al. 2015, "Continuous control with deep reinforcement learning", line by line.
//   1  randomly initialise critic Q(s, a) and actor mu(s)                 Learned, in actor_critic.h
//   2  initialise targets Q', mu' as their copies                         Learned
//   3  initialise replay buffer R                                         Replay
//   4-6  for each episode: initialise the noise N, receive s_1            begin_episode()
// The rest stands below; what is told about it, and what must be finite, in algorithm_report.cpp. What departs from the
// paper is an option whose source stands in options.h.
#include "agent/algorithm.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <string>

#include "ddpg/error.h"

namespace ddpg {

void Algorithm::step(std::int64_t most) {
  const int copies = static_cast<int>(std::min<std::int64_t>(most, environments_.copies()));

  // 8  a_t = mu(s_t) + N_t, in each copy of the environment
  select_actions(copies);

  // 9  execute a_t, observe r_t and s_{t+1}; overlapped, what the round before is still owed is learnt meanwhile
  execute(actions(copies));

  // 10  store (s_t, a_t, r_t, s_{t+1}) in R
  for (int copy = 0; copy < copies; copy++) store(copy);

  // 11-15
  if (!options_.overlap) learn();
}

void Algorithm::execute(std::span<const float> actions) {
  bool learning_failed = false;
  const auto meanwhile = [&] {
    learning_failed = true;
    learn();
    learning_failed = false;
  };
  try {
    options_.overlap ? environments_.step(actions, meanwhile) : environments_.step(actions);
  } catch (...) {
    if (learning_failed) throw;
    rethrow_of_environment();
  }
}

void Algorithm::learn() {
  for (const std::int64_t due = updates_due(); updates_ < due;) update();
}

void Algorithm::update() {
  UpdateMeasures measures;

  // 11  sample a random minibatch of N transitions from R
  replay_.sample(sampling_random_, minibatch_);
  if (normaliser_) normaliser_->apply(minibatch_.observation.view());
  if (normaliser_) normaliser_->apply(minibatch_.next_observation.view());

  // 12  y_i = r_i + gamma Q'(s_{i+1}, mu'(s_{i+1}))
  const std::span<const float> y = networks_.targets(minibatch_);

  // 13  update the critic by minimising 1/N sum (y_i - Q(s_i, a_i))^2
  networks_.update_critic(minibatch_, y, measures);

  // 14  update the actor by the sampled policy gradient
  networks_.update_actor(minibatch_, measures);

  // 15  theta' <- tau theta + (1 - tau) theta': done in the same pass over memory as 13 and 14, where nothing reads
  //     theta' in between; what is left is done here
  networks_.update_targets();

  updates_++;
  check_update(measures);
  measures_.updates++;
  measures_.sums.critic_loss += measures.critic_loss;
  measures_.sums.actor_loss += measures.actor_loss;
  measures_.sums.mean_q += measures.mean_q;
  measures_.sums.mean_target += measures.mean_target;
  measures_.sums.saturated_share += measures.saturated_share;
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
                     Autoreset autoreset)
    : options_(options),
      pool_(make_pool(options.threads)),
      physics_pool_(options.overlap ? make_pool(1 + std::min(options.threads, options.environments)) : nullptr),
      environments_(std::move(environments), options.seed, autoreset,
                    options.overlap ? physics_pool_.get() : pool_.get()),
      specification_(environments_.specification()),
      bounds_(specification_.action_low, specification_.action_high),
      sampling_random_(options.seed, "sampling"),
      initial_random_(options.seed, "initialisation"),
      networks_(options, specification_, initial_random_, Compute{kernels ? kernels : &best_kernels(), pool_.get()}),
      replay_(specification_.observation_size, specification_.action_size(), options.replay_capacity,
              environments_.copies()),
      minibatch_(options.batch_size, specification_.observation_size, specification_.action_size()),
      actions_(static_cast<std::size_t>(environments_.copies()) * action_size()),
      noise_(action_size()),
      observations_(environments_.copies(), specification_.observation_size),
      one_observation_(1, specification_.observation_size),
      one_action_(1, specification_.action_size()),
      acting_trace_(networks_.actor.network, environments_.copies(), false),
      value_trace_(networks_.critic.network, 1, false) {
  if (environments_.copies() != options.environments)
    throw UsageError(fmt::format("[training] environments = {}, found {} environments to train on",
                                 options.environments, environments_.copies()));
  if (options.normalise_observations) normaliser_.emplace(specification_.observation_size, options.observation_clip);
  environments_.reset();
  for (int copy = 0; copy < environments_.copies(); copy++) {
    copies_.push_back({RandomStream(options.seed, "exploration", static_cast<std::uint64_t>(copy)),
                       Exploration(options.exploration, specification_.action_size())});
    begin_episode(copy);
  }
}

Algorithm::Algorithm(const Options& options, std::unique_ptr<Environment> environment, const Kernels* kernels)
    : Algorithm(options, only(std::move(environment)), kernels) {}

void Algorithm::begin_episode(int copy) {
  const std::span<const double> first = environments_.observation(copy);
  check_observation(copy, first);
  if (normaliser_) normaliser_->update(first);
  Copy& own = copies_[static_cast<std::size_t>(copy)];
  own.exploration.reset();
  own.episode_return = 0;
  replay_.begin_episode(first, copy);
}

// Of a round, copy i plays environment step step_ + i. mu(s) is one forward pass for all copies; none while all of them
// warm up.
void Algorithm::select_actions(int copies) {
  ConstPanels u;
  if (step_ + copies > options_.warmup_steps) {
    const Panels observations = observations_.view(copies);
    for (int copy = 0; copy < copies; copy++)
      load_observation(environments_.observation(copy), observations.block(copy, copy + 1));
    u = networks_.act(observations, acting_trace_);
  }
  std::int64_t step = step_;
  for (int copy = 0; copy < copies; copy++)
    if (!environments_.awaits_reset(copy)) select_action(copy, step++, u);
}

void Algorithm::select_action(int copy, std::int64_t step, ConstPanels u) {
  Copy& own = copies_[static_cast<std::size_t>(copy)];
  const std::span<float> action = this->action(copy);
  if (step < options_.warmup_steps) {
    for (std::size_t i = 0; i < action.size(); i++)
      action[i] = bounds_.clip(i, static_cast<float>(own.random.uniform(bounds_.low[i], bounds_.high[i])));
    return;
  }
  own.exploration.sample(own.random, step, noise_);
  for (std::size_t i = 0; i < action.size(); i++) {
    const float noise = static_cast<float>(noise_[i]) * bounds_.half_range[i];
    action[i] = bounds_.clip(i, bounds_.scale(i, u.at(copy, static_cast<int>(i))) + noise);
    if (!std::isfinite(action[i])) fail_training("action[" + std::to_string(i) + "]", action[i]);
  }
}

// What became of the copy in this round. Nothing is stored of a step that only began a new episode.
void Algorithm::store(int copy) {
  if (!environments_.played(copy)) return begin_episode(copy);
  Copy& own = copies_[static_cast<std::size_t>(copy)];
  const StepResult result = environments_.result(copy);
  const std::span<const double> next = environments_.next_observation(copy);
  step_++;
  own.steps++;
  check_observation(copy, next);
  check_reward(copy, result.reward);
  if (normaliser_) normaliser_->update(next);
  own.episode_return += result.reward;
  replay_.add(action(copy), result.reward, result.terminated, result.truncated, next, copy);
  if (!result.terminated && !result.truncated) return;
  episodes_++;
  measures_.finished_episodes++;
  measures_.return_sum += own.episode_return;
  try {
    if (environments_.autoreset() == Autoreset::disabled) environments_.reset(copy);
  } catch (...) {
    rethrow_of_environment();
  }
  if (!environments_.awaits_reset(copy)) begin_episode(copy);
}

// Updates that should have been done by now, where there are transitions enough to draw from.
std::int64_t Algorithm::updates_due() const {
  return replay_.size() < options_.batch_size ? updates_ : updates_of_steps();
}

// Updates for the steps done: a ratio of single steps since learning started, whatever the interval and however many
// copies play. Between two multiples of the interval none becomes due.
std::int64_t Algorithm::updates_of_steps() const {
  const std::int64_t start = std::max<std::int64_t>(options_.learning_starts, options_.batch_size - 1);
  const std::int64_t step = step_ - step_ % options_.update_interval;
  if (step <= start) return 0;
  return static_cast<std::int64_t>(std::floor(options_.updates_per_step * static_cast<double>(step - start) + 1e-9));
}

void Algorithm::load_observation(std::span<const double> observation, Panels row) const {
  for (int i = 0; i < row.width; i++) row.at(0, i) = static_cast<float>(observation[static_cast<std::size_t>(i)]);
  if (normaliser_) normaliser_->apply(row);
}

}  // namespace ddpg
