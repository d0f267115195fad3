// Lines 13 to 15 of Algorithm 1: who takes a step at an update. The critics always do.
#pragma once

#include <cstdint>

#include "agent/part.h"

namespace ddpg {

// What an update does beside the critics' step.
struct Turn {
  bool actor = true;      // the actor's step
  double tau = 0;         // theta' <- tau theta + (1 - tau) theta', of all; 0: they stay
  bool copy = false;      // theta' <- theta, of all
  std::int64_t step = 0;  // environment steps done, by which learning rates are scheduled
};

class Schedule {
 public:
  virtual ~Schedule() = default;
  // Of that update, counted from 1, after so many environment steps.
  virtual Turn turn(std::int64_t update, std::int64_t step = 0) const = 0;
};

extern const Part<Schedule> hard_copies, soft_updates;

}  // namespace ddpg
