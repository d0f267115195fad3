// An update of Algorithm 1, line by line.
#include "agent/learner.h"

#include "agent/aggregate.h"
#include "agent/exchange_stream.h"

namespace ddpg {

void Learner::update(const Replay& replay, const Normaliser* normaliser, const RewardNormaliser* reward_normaliser,
                     Measures& measures, std::int64_t step) {
  // 11  sample a random minibatch of N transitions from R
  rule_.sampler->sample(replay, sampling_random_, minibatch_, step);
  if (hindsight_) hindsight_->relabel(replay, normaliser, minibatch_);
  if (normaliser) normaliser->apply_from_origin(minibatch_.observation.view());
  if (normaliser) normaliser->apply_from_origin(minibatch_.next_observation.view());
  if (reward_normaliser) reward_normaliser->apply(minibatch_.reward);
  measures.set_unit_of_rewards(reward_normaliser ? reward_normaliser->deviation() : 1);

  learn_from(minibatch_, measures, step);
}

void Learner::learn_from(const Minibatch& minibatch, Measures& measures, std::int64_t step) {
  const Turn turn = rule_.schedule->turn(++updates_, step);

  networks_.update_encoder(minibatch);  // where there is one

  // 12  y_i = r_i + gamma Q'(s_{i+1}, mu'(s_{i+1}))
  rule_.target->compute(minibatch, networks_, *rule_.head, target_random_, y_.view());

  // 13  update the critic by minimising 1/N sum (y_i - Q(s_i, a_i))^2
  networks_.update_critics(minibatch, y_.view(), *rule_.head, turn, errors_, measures);
  rule_.sampler->learnt(minibatch, errors_);

  // 14  update the actor by the sampled policy gradient
  if (turn.actor) networks_.update_actor(minibatch, *rule_.head, turn, measures);

  // 15  theta' <- tau theta + (1 - tau) theta': done in the same pass over memory as 13 and 14, where nothing reads
  //     theta' in between; what is left is done here
  networks_.update_targets(turn);
  if (turn.copy) rule_.target->copied();
  if (turn.copy) rule_.sampler->copied();
}

Learner::Learner(const Options& options, const Specification& specification, Compute compute)
    : rule_(options, *compute.kernels),
      aggregate_(options.critic.aggregate),
      sampling_random_(options.seed, "sampling"),
      target_random_(options.seed, "targets"),
      initial_random_(options.seed, "initialisation"),
      networks_(options, specification, rule_.head->outputs(), initial_random_, compute),
      minibatch_(options.batch_size, specification.observation_size, specification.action_size()),
      y_(options.batch_size, rule_.head->outputs()),
      errors_(static_cast<std::size_t>(options.batch_size)) {
  if (options.replay.hindsight > 0) hindsight_.emplace(options, specification.goals);
}

float Learner::value(const Inputs& inputs, Trace& trace) const {
  return joined(aggregate_, networks_.critics.size(),
                [&](std::size_t k) { return rule_.head->value(networks_.value(k, inputs, trace), 0); });
}

void Learner::exchange(Snapshot& snapshot) {
  exchange_stream(snapshot, "sampling_random", sampling_random_);
  exchange_stream(snapshot, "target_random", target_random_);
  if (hindsight_) hindsight_->exchange(snapshot);
  snapshot.inside("networks", [&] { networks_.exchange(snapshot); });
  snapshot.inside("target", [&] { rule_.target->exchange(snapshot); });
}

void Learner::take_learnt(Snapshot& snapshot) {
  snapshot.inside("networks", [&] { networks_.exchange(snapshot); });
  if (snapshot.has("target.range.low")) snapshot.inside("target", [&] { rule_.target->exchange(snapshot); });
}

}  // namespace ddpg
