// Lines 11 to 15 of Algorithm 1: what an update is. Not here: acting (collector.h), and when an update is due
// (agent_core.h).
#pragma once

#include <cstdint>

#include "agent/actor_critic.h"
#include "agent/normaliser.h"
#include "agent/reward_normaliser.h"
#include "ddpg/observer.h"

namespace ddpg {

class Learner {
 public:
  // Options must be valid. Weights come from RandomStream(options.seed, "initialisation"), minibatches from "sampling".
  Learner(const Options& options, const Specification& specification, Compute compute);

  // Either normaliser may be null. What was measured, which need not be finite, with values in the unit of the rewards
  // as they were learnt from.
  const UpdateMeasures& update(const Replay& replay, const Normaliser* normaliser,
                               const RewardNormaliser* reward_normaliser);

  std::int64_t updates() const { return updates_; }
  const ActorCritic& networks() const { return networks_; }

  // Means over the updates since start_new_sums(), in the environment's unit of rewards; false: there was none.
  bool measure(Progress& progress) const;
  void start_new_sums();

  void exchange_counters(Snapshot& snapshot) { snapshot.value("updates", updates_); }
  void exchange_measures(Snapshot& snapshot);
  void exchange(Snapshot& snapshot);  // the rest

 private:
  RandomStream sampling_random_, initial_random_;
  ActorCritic networks_;
  Minibatch minibatch_;
  std::int64_t updates_ = 0;
  UpdateMeasures measures_, sums_;
  std::int64_t measured_ = 0;  // updates in the sums
};

}  // namespace ddpg
