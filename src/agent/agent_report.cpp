// What an agent reports: measures, its policy, and the errors when a number is no longer finite.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "agent/agent_core.h"
#include "ddpg/error.h"
#include "policy/content.h"
#include "support/divergence.h"

namespace ddpg {

Policy AgentCore::policy(const Provenance& provenance) const {
  Policy::Content content = this->content();
  content.provenance = provenance;
  add_checks(content);
  return Policy(std::move(content));
}

Policy::Content AgentCore::content() const {
  Policy::Content content;
  content.body = mu_of_one_.body();
  content.tensors = mu_of_one_.tensors(deployed_weights());
  content.action_low = specification_.action_low;
  content.action_high = specification_.action_high;
  if (const Normaliser* normaliser = deployed_normaliser()) {
    content.normalise = true;
    content.mean = normaliser->mean();
    content.deviation = normaliser->deviation();
    content.clip = normaliser->clip();
  }
  content.time_limit = specification_.time_limit;
  content.control_period = specification_.control_period + 0.0;  // of two zeros the positive one
  content.observation_names = specification_.observation_names;
  content.observation_units = specification_.observation_units;
  content.action_names = specification_.action_names;
  content.action_units = specification_.action_units;
  return content;
}

// What the actor does with observations of the training, evenly spread over what the replay buffer holds; before the
// first step, with the one that it begins with. Draws from no random stream, and changes nothing.
void AgentCore::add_checks(Policy::Content& content) const {
  constexpr std::int64_t kChecks = 16;
  const std::int64_t stored = replay_.size();
  if (stored == 0 && !collector_.playing(0)) return;
  const int rows = static_cast<int>(std::clamp<std::int64_t>(stored, 1, kChecks));
  PanelMatrix observations(rows, specification_.observation_size);
  std::vector<std::vector<float>> given;
  for (int r = 0; r < rows; r++) {
    std::vector<double> observation(collector_.observation(0).begin(), collector_.observation(0).end());
    if (stored > 0) restore_observation(r * (stored - 1) / std::max(rows - 1, 1), observation);
    given.emplace_back(observation.begin(), observation.end());
    observation.assign(given.back().begin(), given.back().end());  // the file keeps floats
    load(deployed_normaliser(), observation, observations.view().block(r, r + 1));
  }
  Mu mu(options_, specification_, rows);
  const ConstPanels u = mu(compute_, deployed_weights(), observations.view());
  for (int r = 0; r < rows; r++) add_check(content, given[static_cast<std::size_t>(r)], u.block(r, r + 1));
}

// The observation of the transition `age` places after the oldest, in the environment's units.
void AgentCore::restore_observation(std::int64_t age, std::vector<double>& observation) const {
  std::ranges::copy(replay_.at(age).observation, observation.begin());
  if (const Normaliser* normaliser = collector_.normaliser())
    for (std::size_t i = 0; i < observation.size(); i++) observation[i] += normaliser->origin()[i];
}

// A pair of which a number is not finite is left out: such a policy can be written, and says so when it acts.
void AgentCore::add_check(Policy::Content& content, std::span<const float> observation, ConstPanels u) const {
  std::vector<float> action(specification_.action_low.size());
  for (std::size_t i = 0; i < action.size(); i++)
    action[i] = collector_.bounds().scale(i, u.at(0, static_cast<int>(i)));
  if (!std::ranges::all_of(action, [](float x) { return std::isfinite(x); })) return;
  content.check_observations.insert(content.check_observations.end(), observation.begin(), observation.end());
  content.check_actions.insert(content.check_actions.end(), action.begin(), action.end());
}

void AgentCore::measure(Progress& progress) {
  progress.step = steps_;
  progress.updates = updates();
  progress.episodes = episodes_;
  progress.breakdowns = breakdowns_;
  progress.training_metrics = metrics_.means();
  progress.exploration_sigma = steps_ < options_.warmup_steps ? kNotMeasured : collector_.sigma(steps_);
  measures_.means(progress);
  if (measures_.count(&Progress::critic_loss) > 0) {
    progress.critic_gradient_norm = networks().critic_gradient_norm();
    progress.actor_gradient_norm = networks().actor_gradient_norm();
    check_networks(progress);
    scale_.see_value(progress.mean_q, collector_.unit_of_rewards());
  }
  progress.warning = scale_.take_warning();
}

void AgentCore::start_new_sums() {
  measures_.clear();
  metrics_.clear();
}

// The newest critic loss is the first critic's; what the others' are shows in the sum.
void AgentCore::check_update() const {
  const double critic_loss = measures_.newest(&Progress::critic_loss), all = measures_.sum(&Progress::critic_loss);
  const double actor_loss = measures_.newest(&Progress::actor_loss);
  if (const Encoder* encoder = networks().encoder(); encoder && !finite_as_float(encoder->loss()))
    fail("the encoder's loss", encoder->loss());
  if (!finite_as_float(critic_loss)) fail("the critic's loss", critic_loss);
  if (!std::isfinite(all)) fail("a critic's loss", all);
  if (!finite_as_float(actor_loss)) fail("the actor's loss", actor_loss);
}

// What the last update left, before anybody is given it: the networks' outputs here, and the gradients that Adam
// remembers.
void AgentCore::check_networks(const Progress& progress) {
  const std::span<const double> observation = collector_.observation(0);
  collector_.load(observation, one_observation_.view());
  const ConstPanels u = mu_of_one_(compute_, networks().policy_weights(), one_observation_.view());
  for (int i = 0; i < u.width; i++)
    if (!std::isfinite(u.at(0, i))) fail("the actor's output", u.at(0, i));
  const double q = value(observation, specification_.action_low);
  if (!finite_as_float(q)) fail("the critic's output", q);
  if (!finite_as_float(progress.critic_gradient_norm))
    fail("the critic's gradient norm", progress.critic_gradient_norm);
  if (!finite_as_float(progress.actor_gradient_norm)) fail("the actor's gradient norm", progress.actor_gradient_norm);
}

void AgentCore::fail(const std::string& what, double value) const {
  throw Divergence(fmt::format(
      "[training] step {}, update {}: {} is {}, expected a finite number (of 32 bits). The likely cause: {}", steps_,
      updates(), what, value, scale_.cause()));
}

}  // namespace ddpg
