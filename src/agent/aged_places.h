// Priorities that fade: a place of the replay buffer's ring is drawn in proportion to its leaf of the tree times
// max(decay^age, floor), where age counts what was stored since (DR.Q, arXiv:2605.11711).
#pragma once

#include <cstdint>

#include "agent/replay.h"
#include "agent/sum_tree.h"
#include "ddpg/random.h"

namespace ddpg {

class AgedPlaces {
 public:
  AgedPlaces(double decay, double floor, std::int64_t capacity);

  // Transitions beyond those of `kept` have leaves of 0.
  std::int64_t draw(const SumTree& tree, const ReplayRange& kept, RandomStream& random) const;

 private:
  double log_decay_, floor_;
  std::int64_t capacity_;
  std::int64_t young_;  // so many of the newest have more than the floor
};

}  // namespace ddpg
