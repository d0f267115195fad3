// Line 11 of Algorithm 1: which transitions an update learns from.
#pragma once

#include <cstdint>
#include <span>

#include "agent/part.h"
#include "agent/replay.h"
#include "ddpg/random.h"
#include "support/snapshot.h"

namespace ddpg {

class Sampler {
 public:
  virtual ~Sampler() = default;

  // Fills all of the minibatch. There are as many transitions as it has rows, or more. `step`: environment steps done.
  virtual void sample(const Replay& replay, RandomStream& random, Minibatch& minibatch, std::int64_t step = 0) = 0;
  // What the critics made of it: Q(s, a) - y of each row [batch], of the critic that is farthest off.
  virtual void learnt(const Minibatch&, std::span<const float> /* errors */) {}
  // The networks were just copied to their targets.
  virtual void copied() {}
  // What it remembers between updates.
  virtual void exchange(Snapshot&) {}
};

extern const Part<Sampler> prioritised_sampler, uniform_sampler;

}  // namespace ddpg
