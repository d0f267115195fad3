// The four networks of DDPG and what a minibatch does to them: the target y, the critic's step, the actor's step, the
// targets' step. All of them see actions in [-1, 1], whatever the task's bounds. Not here: acting, storing, sampling
// and when all that happens (algorithm.cpp).
#pragma once

#include <span>
#include <vector>

#include "agent/replay.h"
#include "ddpg/environment.h"
#include "ddpg/options.h"
#include "nn/adam.h"

namespace ddpg {

NetworkShape actor_shape(const Options& options, const Specification& specification);
NetworkShape critic_shape(const Options& options, const Specification& specification);

// A network, its target and its optimiser.
struct Learned {
  Learned(NetworkShape shape, const AdamOptions& adam_options, double final_init, RandomStream& random)
      : network(std::move(shape)),
        weights(network.initialise(random, final_init)),
        target(weights),
        gradient(network.buffer_size()),
        adam(network, adam_options) {}

  Network network;
  Weights weights;
  Weights target;  // begins as an exact copy
  AlignedFloats gradient;
  Adam adam;

  void exchange(Snapshot& snapshot);
};

// What one update measured.
struct UpdateMeasures {
  double critic_loss = 0;      // mean (Q - y)^2, without the penalty
  double actor_loss = 0;       // -mean Q(s, mu(s))
  double mean_q = 0;           // mean Q(s, a)
  double mean_target = 0;      // mean y
  double saturated_share = 0;  // of mu(s)'s components beyond 99 % of the half-range
};

class ActorCritic {
 public:
  // Options must be valid. `random` initialises the weights: the actor's first.
  ActorCritic(const Options& options, const Specification& specification, RandomStream& random, Compute compute);

  // y [batch] = r + gamma (1 - terminated) Q'(s', mu'(s')), from the targets; nothing is differentiated through it.
  std::span<const float> targets(const Minibatch& minibatch);
  // One Adam step on mean (y - Q(s, a))^2 + lambda / 2 |w|^2, and the soft update of the target critic.
  void update_critic(const Minibatch& minibatch, std::span<const float> y, UpdateMeasures& measures);
  // One Adam step on -mean Q(s, mu(s)) with respect to the actor alone, and the soft update of the target actor.
  void update_actor(const Minibatch& minibatch, UpdateMeasures& measures);
  // The rest of the targets' step: hard copies when they are due, and batch norm's running statistics, always copied.
  void update_targets();

  double critic_gradient_norm() const { return gradient_norm(critic.network, compute_, critic.gradient); }
  double actor_gradient_norm() const { return gradient_norm(actor.network, compute_, actor.gradient); }

  // u [rows, action_size] in [-1, 1] = the actor's tanh output, for acting: running statistics.
  ConstPanels act(ConstPanels observation, Trace& trace) const;
  // Q(s, u) [rows, 1] with running statistics.
  ConstPanels value(ConstPanels observation, ConstPanels u, Trace& trace) const;

  void exchange(Snapshot& snapshot);

  Learned actor, critic;

 private:
  double soft_rate() const { return options_.hard_update_interval > 0 ? 0.0 : options_.tau; }
  Weights* soft_target(Learned& learned) { return options_.hard_update_interval > 0 ? nullptr : &learned.target; }

  Options options_;
  Compute compute_;
  std::int64_t updates_ = 0;
  Trace actor_trace_, critic_trace_;
  PanelMatrix action_gradient_;
  std::vector<float> y_;
};

}  // namespace ddpg
