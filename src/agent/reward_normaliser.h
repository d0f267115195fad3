// The size of the rewards, so that the critic learns numbers near 1 whatever unit they are given in: the running
// standard deviation of the discounted return so far, R_t = gamma R_{t-1} + r_t of each actor, from 0
// at the start of an episode (Engstrom et al. 2020, "Implementation matters in deep policy gradients", section 3;
// VecNormalize of Stable-Baselines3). Rewards are stored as they are and divided when they are drawn, by the deviation
// of that moment; nothing is taken off, which would change what is worth ending an episode for.
#pragma once

#include <span>
#include <vector>

#include "agent/normaliser.h"
#include "support/snapshot.h"

namespace ddpg {

class RewardNormaliser {
 public:
  RewardNormaliser(double discount, int actors);

  // An episode of that actor begins.
  void begin_episode(int actor) { returns_[static_cast<std::size_t>(actor)] = 0; }
  // Takes one reward of that actor into the statistics.
  void update(double reward, int actor);

  // In the environment's unit; 1 before the second reward.
  double deviation() const { return statistics_.deviation(0); }
  // r / deviation, in place.
  void apply(std::span<float> rewards) const;

  void exchange(Snapshot& snapshot);
  // Without where each actor stands.
  void exchange_statistics(Snapshot& snapshot) { statistics_.exchange(snapshot); }

 private:
  double discount_;
  Normaliser statistics_;        // of one feature
  std::vector<double> returns_;  // [actors]
};

}  // namespace ddpg
