// What a training tells about itself: measures, values, its policy, and the errors when a number is no longer finite.
// The algorithm is in algorithm.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "agent/algorithm.h"
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
  content.time_limit = specification_.time_limit;
  content.control_period = specification_.control_period + 0.0;  // of two zeros the positive one
  content.observation_names = specification_.observation_names;
  content.observation_units = specification_.observation_units;
  content.action_names = specification_.action_names;
  content.action_units = specification_.action_units;
  add_checks(content);
  return Policy(std::move(content));
}

// What the actor does with observations of the training, evenly spread over what the replay buffer holds; before the
// first step, with the one that stands there. Draws from no random stream, and changes nothing.
void Algorithm::add_checks(Policy::Content& content) const {
  constexpr std::int64_t kChecks = 16;
  const std::int64_t stored = replay_.size();
  const int rows = static_cast<int>(std::clamp<std::int64_t>(stored, 1, kChecks));
  PanelMatrix observations(rows, specification_.observation_size);
  std::vector<double> observation(static_cast<std::size_t>(specification_.observation_size));
  std::vector<float> rows_given;  // [rows, observation_size]
  for (int r = 0; r < rows; r++) {
    if (stored == 0) {
      std::ranges::copy(environments_.observation(0), observation.begin());
    } else {
      std::ranges::copy(replay_.at(r * (stored - 1) / std::max(rows - 1, 1)).observation, observation.begin());
    }
    load_observation(observation, observations.view().block(r, r + 1));
    rows_given.insert(rows_given.end(), observation.begin(), observation.end());
  }
  Trace trace(networks_.actor.network, rows, false);
  const ConstPanels u = networks_.act(observations.view(), trace);
  for (int r = 0; r < rows; r++) add_check(content, r, rows_given, u);
}

// A pair of which a number is not finite is left out: such a policy can be written, and says so when it acts.
void Algorithm::add_check(Policy::Content& content, int r, std::span<const float> observations, ConstPanels u) const {
  std::vector<float> action(action_size());
  for (std::size_t i = 0; i < action.size(); i++) action[i] = bounds_.scale(i, u.at(r, static_cast<int>(i)));
  if (!std::ranges::all_of(action, [](float x) { return std::isfinite(x); })) return;
  const auto size = static_cast<std::size_t>(specification_.observation_size);
  const std::span<const float> row = observations.subspan(static_cast<std::size_t>(r) * size, size);
  content.check_observations.insert(content.check_observations.end(), row.begin(), row.end());
  content.check_actions.insert(content.check_actions.end(), action.begin(), action.end());
}

void Algorithm::take_measures(Progress& progress) {
  progress.step = step_;
  progress.updates = updates_;
  progress.episodes = episodes_;
  progress.exploration_sigma = step_ < options_.warmup_steps ? kNotMeasured : copies_[0].exploration.sigma(step_);
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

void Algorithm::check_observation(int copy, std::span<const double> observation) const {
  for (std::size_t i = 0; i < observation.size(); i++)
    if (!finite_as_float(observation[i]))
      fail_environment(copy, "observation[" + std::to_string(i) + "]", observation[i]);
}

void Algorithm::check_reward(int copy, double reward) const {
  if (!finite_as_float(reward)) fail_environment(copy, "the reward", reward);
}

void Algorithm::check_update(const UpdateMeasures& measures) const {
  if (!finite_as_float(measures.critic_loss)) fail_training("the critic's loss", measures.critic_loss);
  if (!finite_as_float(measures.actor_loss)) fail_training("the actor's loss", measures.actor_loss);
}

// What the last update left, before anybody is given it: the networks' outputs here, and the gradients that Adam
// remembers.
void Algorithm::check_networks(const Progress& progress) {
  const std::span<const double> observation = environments_.observation(0);
  load_observation(observation, one_observation_.view());
  const ConstPanels u = networks_.act(one_observation_.view(), acting_trace_);
  for (int i = 0; i < u.width; i++)
    if (!std::isfinite(u.at(0, i))) fail_training("the actor's output", u.at(0, i));
  const double q = value(observation, bounds_.low);
  if (!finite_as_float(q)) fail_training("the critic's output", q);
  if (!finite_as_float(progress.critic_gradient_norm))
    fail_training("the critic's gradient norm", progress.critic_gradient_norm);
  if (!finite_as_float(progress.actor_gradient_norm))
    fail_training("the actor's gradient norm", progress.actor_gradient_norm);
}

void Algorithm::fail_environment(int copy, const std::string& what, double value) const {
  std::string where = fmt::format("step {}", step_);
  if (environments_.copies() > 1)
    where = fmt::format("copy {} (of 0 to {}), its step {}, step {} of the training", copy, environments_.copies() - 1,
                        copies_[static_cast<std::size_t>(copy)].steps, step_);
  throw Error(fmt::format("[environment {}] {}: {} is {}, expected a finite number (of 32 bits)", specification_.name,
                          where, what, value));
}

// The error being handled is told with the environment and the step of the training at which it came; where there are
// several copies it names its copy already.
void Algorithm::rethrow_of_environment() const {
  std::string what = "it threw something that is no std::exception";
  try {
    throw;
  } catch (const UsageError&) {
    throw;
  } catch (const std::exception& error) {
    what = error.what();
  } catch (...) {
  }
  const std::string name = fmt::format("[environment {}] ", specification_.name);
  std::throw_with_nested(
      Error(fmt::format("[training] step {}: {}{}", step_, what.starts_with("[environment ") ? "" : name, what)));
}

void Algorithm::fail_training(const std::string& what, double value) const {
  throw Error(
      fmt::format("[training] step {}, update {}: {} is {}, expected a finite number (of 32 bits); lower the learning "
                  "rates, or look at the scale of the rewards",
                  step_, updates_, what, value));
}

}  // namespace ddpg
