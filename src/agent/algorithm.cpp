// Algorithm 1 of Lillicrap et al. 2015, "Continuous control with deep reinforcement learning", line by line.
//   1  randomly initialise critic Q(s, a) and actor mu(s)                 Learned, in actor_critic.h
//   2  initialise targets Q', mu' as their copies                         Learned
//   3  initialise replay buffer R                                         Replay
//   4-6  for each episode: initialise the noise N, receive s_1            begin_episode()
// The rest stands below. What departs from the paper is an option whose source stands in options.h.
#include "agent/algorithm.h"

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "ddpg/error.h"
#include "ddpg/version.h"
#include "policy/content.h"

namespace ddpg {
namespace {

// Everything is stored and learnt from as float.
bool finite_as_float(double value) {
  return std::isfinite(static_cast<float>(value));
}

}  // namespace

void Algorithm::step() {
  // 8  a_t = mu(s_t) + N_t
  select_action();

  // 9  execute a_t, observe r_t and s_{t+1}
  const StepResult result = environment_->step(action_, next_observation_);
  step_++;

  // 10  store (s_t, a_t, r_t, s_{t+1}) in R
  store(result);

  // 11-15  learn
  if (step_ % options_.update_interval == 0)
    for (std::int64_t due = updates_due(); updates_ < due;) update();
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

Algorithm::Algorithm(const Options& options, std::unique_ptr<Environment> environment, const Kernels* kernels)
    : options_(options),
      environment_(std::move(environment)),
      specification_(environment_->specification()),
      pool_(options.threads > 1 ? std::make_unique<ThreadPool>(options.threads) : nullptr),
      bounds_(specification_.action_low, specification_.action_high),
      environment_random_(options.seed, "environment"),
      exploration_random_(options.seed, "exploration"),
      sampling_random_(options.seed, "sampling"),
      initial_random_(options.seed, "initialisation"),
      networks_(options, specification_, initial_random_, Compute{kernels ? kernels : &best_kernels(), pool_.get()}),
      replay_(specification_.observation_size, specification_.action_size(), options.replay_capacity),
      exploration_(options.exploration, specification_.action_size()),
      minibatch_(options.batch_size, specification_.observation_size, specification_.action_size()),
      observation_(static_cast<std::size_t>(specification_.observation_size)),
      next_observation_(observation_.size()),
      action_(static_cast<std::size_t>(specification_.action_size())),
      noise_(action_.size()),
      one_observation_(1, specification_.observation_size),
      one_action_(1, specification_.action_size()),
      acting_trace_(networks_.actor.network, 1, false),
      value_trace_(networks_.critic.network, 1, false) {
  if (options.normalise_observations) normaliser_.emplace(specification_.observation_size, options.observation_clip);
  begin_episode();
}

void Algorithm::begin_episode() {
  environment_->reset(environment_random_, observation_);
  check_observation(observation_);
  if (normaliser_) normaliser_->update(observation_);
  exploration_.reset();
  episode_return_ = 0;
  replay_.begin_episode(observation_);
}

void Algorithm::select_action() {
  if (step_ < options_.warmup_steps) {
    for (std::size_t i = 0; i < action_.size(); i++)
      action_[i] = bounds_.clip(i, static_cast<float>(exploration_random_.uniform(bounds_.low[i], bounds_.high[i])));
    return;
  }
  load_observation(observation_, one_observation_.view());
  const ConstPanels u = networks_.act(one_observation_.view(), acting_trace_);
  exploration_.sample(exploration_random_, step_, noise_);
  for (std::size_t i = 0; i < action_.size(); i++) {
    const float noise = static_cast<float>(noise_[i]) * bounds_.half_range[i];
    action_[i] = bounds_.clip(i, bounds_.scale(i, u.at(0, static_cast<int>(i))) + noise);
    if (!std::isfinite(action_[i])) fail_training("action[" + std::to_string(i) + "]", action_[i]);
  }
}

void Algorithm::store(const StepResult& result) {
  check_observation(next_observation_);
  if (!finite_as_float(result.reward)) fail_environment("the reward", result.reward);
  if (normaliser_) normaliser_->update(next_observation_);
  episode_return_ += result.reward;
  replay_.add(action_, result.reward, result.terminated, result.truncated, next_observation_);
  observation_.swap(next_observation_);
  if (!result.terminated && !result.truncated) return;
  episodes_++;
  measures_.finished_episodes++;
  measures_.return_sum += episode_return_;
  begin_episode();
}

// Updates that should have been done by now: a ratio of single steps since learning started, whatever the interval.
std::int64_t Algorithm::updates_due() const {
  const std::int64_t start = std::max<std::int64_t>(options_.learning_starts, options_.batch_size - 1);
  if (step_ <= start || replay_.size() < options_.batch_size) return updates_;
  return static_cast<std::int64_t>(std::floor(options_.updates_per_step * static_cast<double>(step_ - start) + 1e-9));
}

void Algorithm::check_observation(std::span<const double> observation) const {
  for (std::size_t i = 0; i < observation.size(); i++)
    if (!finite_as_float(observation[i])) fail_environment("observation[" + std::to_string(i) + "]", observation[i]);
}

void Algorithm::check_update(const UpdateMeasures& measures) const {
  if (!finite_as_float(measures.critic_loss)) fail_training("the critic's loss", measures.critic_loss);
  if (!finite_as_float(measures.actor_loss)) fail_training("the actor's loss", measures.actor_loss);
}

// What the last update left, before anybody is given it: the networks' outputs here, and the gradients that Adam
// remembers.
void Algorithm::check_networks(const Progress& progress) {
  load_observation(observation_, one_observation_.view());
  const ConstPanels u = networks_.act(one_observation_.view(), acting_trace_);
  for (int i = 0; i < u.width; i++)
    if (!std::isfinite(u.at(0, i))) fail_training("the actor's output", u.at(0, i));
  const double q = value(observation_, bounds_.low);
  if (!finite_as_float(q)) fail_training("the critic's output", q);
  if (!finite_as_float(progress.critic_gradient_norm))
    fail_training("the critic's gradient norm", progress.critic_gradient_norm);
  if (!finite_as_float(progress.actor_gradient_norm))
    fail_training("the actor's gradient norm", progress.actor_gradient_norm);
}

void Algorithm::fail_environment(const std::string& what, double value) const {
  throw Error(fmt::format("[environment {}] step {}: {} is {}, expected a finite number (of 32 bits)",
                          specification_.name, step_, what, value));
}

void Algorithm::fail_training(const std::string& what, double value) const {
  throw Error(
      fmt::format("[training] step {}, update {}: {} is {}, expected a finite number (of 32 bits); lower the learning "
                  "rates, or look at the scale of the rewards",
                  step_, updates_, what, value));
}

void Algorithm::load_observation(std::span<const double> observation, Panels row) const {
  for (int i = 0; i < row.width; i++) row.at(0, i) = static_cast<float>(observation[static_cast<std::size_t>(i)]);
  if (normaliser_) normaliser_->apply(row);
}

double Algorithm::value(std::span<const double> observation, std::span<const float> action) {
  load_observation(observation, one_observation_.view());
  const Panels row = one_action_.view();
  for (int i = 0; i < row.width; i++) row.at(0, i) = action[static_cast<std::size_t>(i)];
  return networks_.value(one_observation_.view(), row, value_trace_).at(0, 0);
}

Policy Algorithm::policy(const Provenance& provenance) const {
  Policy::Content content;
  content.shape = networks_.actor.network.shape();
  content.tensors = networks_.actor.network.tensors(networks_.actor.weights);
  content.action_low = specification_.action_low;
  content.action_high = specification_.action_high;
  content.normalise = normaliser_.has_value();
  if (normaliser_) {
    content.mean = normaliser_->mean();
    content.deviation = normaliser_->deviation();
    content.clip = normaliser_->clip();
  }
  content.provenance = provenance;
  return Policy(std::move(content));
}

void Algorithm::take_measures(Progress& progress) {
  progress.step = step_;
  progress.updates = updates_;
  progress.episodes = episodes_;
  progress.exploration_sigma = step_ < options_.warmup_steps ? kNotMeasured : exploration_.sigma(step_);
  if (measures_.updates > 0) {
    const auto mean = [this](double sum) { return sum / static_cast<double>(measures_.updates); };
    progress.critic_loss = mean(measures_.sums.critic_loss);
    progress.actor_loss = mean(measures_.sums.actor_loss);
    progress.mean_q = mean(measures_.sums.mean_q);
    progress.mean_target = mean(measures_.sums.mean_target);
    progress.saturated_share = mean(measures_.sums.saturated_share);
    progress.critic_gradient_norm = networks_.critic_gradient_norm();
    progress.actor_gradient_norm = networks_.actor_gradient_norm();
    check_networks(progress);
  }
  if (measures_.finished_episodes > 0)
    progress.training_return = measures_.return_sum / static_cast<double>(measures_.finished_episodes);
  measures_ = {};
}

}  // namespace ddpg
