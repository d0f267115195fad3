// Line 12 of Algorithm 1: what Q(s, a) should be, y. Nothing is differentiated through it.
#pragma once

#include "agent/actor_critic.h"
#include "agent/critic_head.h"
#include "agent/minibatch.h"
#include "agent/part.h"
#include "ddpg/random.h"
#include "support/snapshot.h"

namespace ddpg {

class Target {
 public:
  virtual ~Target() = default;

  // y [batch, head.outputs()], from the targets of `networks`. `random` is for targets that add noise.
  virtual void compute(const Minibatch& minibatch, ActorCritic& networks, const CriticHead& head, RandomStream& random,
                       Panels y) = 0;
  // The networks were just copied to their targets.
  virtual void copied() {}
  // What it remembers between updates.
  virtual void exchange(Snapshot&) {}
};

extern const Part<Target, CriticHead> bootstrap_target, joined_target;

}  // namespace ddpg
