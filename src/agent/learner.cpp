// An update of Algorithm 1, line by line.
#include "agent/learner.h"

#include "agent/exchange_stream.h"

namespace ddpg {

const UpdateMeasures& Learner::update(const Replay& replay, const Normaliser* normaliser,
                                      const RewardNormaliser* reward_normaliser) {
  // 11  sample a random minibatch of N transitions from R
  replay.sample(sampling_random_, minibatch_);
  if (normaliser) normaliser->apply_from_origin(minibatch_.observation.view());
  if (normaliser) normaliser->apply_from_origin(minibatch_.next_observation.view());
  if (reward_normaliser) reward_normaliser->apply(minibatch_.reward);

  // 12  y_i = r_i + gamma Q'(s_{i+1}, mu'(s_{i+1}))
  const std::span<const float> y = networks_.targets(minibatch_);

  // 13  update the critic by minimising 1/N sum (y_i - Q(s_i, a_i))^2
  networks_.update_critic(minibatch_, y, measures_);

  // 14  update the actor by the sampled policy gradient
  networks_.update_actor(minibatch_, measures_);

  // 15  theta' <- tau theta + (1 - tau) theta': done in the same pass over memory as 13 and 14, where nothing reads
  //     theta' in between; what is left is done here
  networks_.update_targets();

  updates_++;
  measured_++;
  const double unit = reward_normaliser ? reward_normaliser->deviation() : 1;
  sums_.critic_loss += measures_.critic_loss * unit * unit;
  sums_.actor_loss += measures_.actor_loss * unit;
  sums_.mean_q += measures_.mean_q * unit;
  sums_.mean_target += measures_.mean_target * unit;
  sums_.saturated_share += measures_.saturated_share;
  return measures_;
}

Learner::Learner(const Options& options, const Specification& specification, Compute compute)
    : sampling_random_(options.seed, "sampling"),
      initial_random_(options.seed, "initialisation"),
      networks_(options, specification, initial_random_, compute),
      minibatch_(options.batch_size, specification.observation_size, specification.action_size()) {}

bool Learner::measure(Progress& progress) const {
  if (measured_ == 0) return false;
  const auto mean = [this](double sum) { return sum / static_cast<double>(measured_); };
  progress.critic_loss = mean(sums_.critic_loss);
  progress.actor_loss = mean(sums_.actor_loss);
  progress.mean_q = mean(sums_.mean_q);
  progress.mean_target = mean(sums_.mean_target);
  progress.saturated_share = mean(sums_.saturated_share);
  progress.critic_gradient_norm = networks_.critic_gradient_norm();
  progress.actor_gradient_norm = networks_.actor_gradient_norm();
  return true;
}

void Learner::start_new_sums() {
  sums_ = {};
  measured_ = 0;
}

void Learner::exchange_measures(Snapshot& snapshot) {
  snapshot.value("updates", measured_);
  snapshot.value("critic_loss", sums_.critic_loss);
  snapshot.value("actor_loss", sums_.actor_loss);
  snapshot.value("mean_q", sums_.mean_q);
  snapshot.value("mean_target", sums_.mean_target);
  snapshot.value("saturated_share", sums_.saturated_share);
}

void Learner::exchange(Snapshot& snapshot) {
  exchange_stream(snapshot, "sampling_random", sampling_random_);
  snapshot.inside("networks", [&] { networks_.exchange(snapshot); });
}

}  // namespace ddpg
