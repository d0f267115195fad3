// Lines 11 to 15 of Algorithm 1: what an update is, made of the parts of learning_rule.h. Not here: acting
// (collector.h), and when an update is due (agent_core.h).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "agent/actor_critic.h"
#include "agent/hindsight.h"
#include "agent/learning_rule.h"
#include "agent/normaliser.h"
#include "agent/reward_normaliser.h"

namespace ddpg {

class Learner {
 public:
  // Options must be valid. Weights come from RandomStream(options.seed, "initialisation"), minibatches from "sampling",
  // the noise of targets from "targets", goals in hindsight from "hindsight".
  Learner(const Options& options, const Specification& specification, Compute compute);

  // Either normaliser may be null. A measure may come out infinite or NaN: the caller looks. `step`: environment steps
  // done.
  void update(const Replay& replay, const Normaliser* normaliser, const RewardNormaliser* reward_normaliser,
              Measures& measures, std::int64_t step = 0);
  // Lines 12 to 15 alone.
  void learn_from(const Minibatch& minibatch, Measures& measures, std::int64_t step = 0);

  std::int64_t updates() const { return updates_; }
  const ActorCritic& networks() const { return networks_; }
  ActorCritic& networks() { return networks_; }
  // Q(s, u) of one row, with running statistics; of several critics what the targets would take of them. `inputs` are
  // what critics read of (s, u).
  float value(const Inputs& inputs, Trace& trace) const;

  void exchange_counters(Snapshot& snapshot) { snapshot.value("updates", updates_); }
  void exchange_sampler(Snapshot& snapshot) { rule_.sampler->exchange(snapshot); }
  void exchange(Snapshot& snapshot);  // the rest
  // What another training has learnt: its networks and, where it has one, the range of its targets, without which
  // targets that are cut to the seen range would be cut to 0 up to the first copy.
  void take_learnt(Snapshot& snapshot);

 private:
  LearningRule rule_;
  std::optional<Hindsight> hindsight_;
  Aggregate aggregate_;
  RandomStream sampling_random_, target_random_, initial_random_;
  ActorCritic networks_;
  Minibatch minibatch_;
  PanelMatrix y_;              // [batch, outputs of a critic]
  std::vector<float> errors_;  // [batch]
  std::int64_t updates_ = 0;
};

}  // namespace ddpg
