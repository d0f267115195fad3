// The networks of DDPG and what a minibatch does to them: the critics' step, the actor's step, the targets' step. All
// of them see actions in [-1, 1], whatever the task's bounds. Not here: what the critics should say (target.h), what
// their outputs mean (critic_head.h), and when all that happens (schedule.h, learner.cpp).
#pragma once

#include <span>
#include <vector>

#include "agent/measures.h"
#include "agent/minibatch.h"
#include "agent/schedule.h"
#include "ddpg/environment.h"
#include "ddpg/options.h"
#include "nn/adam.h"

namespace ddpg {

class CriticHead;

NetworkShape actor_shape(const Options& options, const Specification& specification);
NetworkShape critic_shape(const Options& options, const Specification& specification, int outputs);

// A network, its target and its optimiser.
struct Learned {
  Learned(NetworkShape shape, const AdamOptions& adam_options, const NetworkOptions& how, RandomStream& random)
      : network(std::move(shape)),
        weights(network.initialise(random, how.final_init, how.init)),
        target(weights),
        gradient(network.buffer_size()),
        adam(network, {adam_options.beta1, adam_options.beta2, adam_options.epsilon}) {}

  Network network;
  Weights weights;
  Weights target;  // begins as an exact copy
  AlignedFloats gradient;
  Adam adam;

  void exchange(Snapshot& snapshot);
};

class ActorCritic {
 public:
  // Options must be valid. `random` initialises the weights: the actor's first. A critic has `outputs` outputs.
  ActorCritic(const Options& options, const Specification& specification, int outputs, RandomStream& random,
              Compute compute);

  // 12, for targets (target.h): mu'(s) [batch, action_size] in [-1, 1], and the outputs of target critic i at (s, u).
  // Each is there until it is asked for again; u may be the former's result, which may be changed.
  Panels target_action(ConstPanels observation);
  ConstPanels target_value(std::size_t critic, ConstPanels observation, ConstPanels u);
  // 13: each critic takes an Adam step on the head's loss + lambda / 2 |w|^2, and its target follows. `errors` [batch]:
  // of each row that of the critic that is farthest off.
  void update_critics(const Minibatch& minibatch, ConstPanels y, const CriticHead& head, const Turn& turn,
                      std::span<float> errors, Measures& measures);
  // 14: an Adam step on -mean Q(s, mu(s)) with respect to the actor alone, Q as actor.aggregate takes it of the
  // critics; its target follows.
  void update_actor(const Minibatch& minibatch, const CriticHead& head, const Turn& turn, Measures& measures);
  // 15: the rest of the targets' step: the actor's where it took no step itself, copies when it is their turn, and
  // batch norm's running statistics, always copied.
  void update_targets(const Turn& turn);

  double critic_gradient_norm() const;  // of all critics together
  double actor_gradient_norm() const { return gradient_norm(actor.network, compute_, actor.gradient); }

  // u [rows, action_size] in [-1, 1] = the actor's tanh output, for acting: running statistics.
  ConstPanels act(ConstPanels observation, Trace& trace) const;
  // A critic's outputs at (s, u), with running statistics.
  ConstPanels value(std::size_t critic, ConstPanels observation, ConstPanels u, Trace& trace) const;

  void exchange(Snapshot& snapshot);

  Learned actor;
  std::vector<Learned> critics;  // at least one
  Learned& critic() { return critics.front(); }
  const Learned& critic() const { return critics.front(); }

 private:
  void climb(ConstPanels observation, ConstPanels u, const CriticHead& head, Measures& measures);
  void step(Learned& learned, const NetworkOptions& how, double l2, const Turn& turn);
  NormMode target_mode() const;

  Options options_;
  Compute compute_;
  Trace actor_trace_, critic_trace_;               // of a minibatch; the critics share one
  PanelMatrix action_gradient_, gradient_of_one_;  // [batch, action_size]: of all critics that are climbed, of one
  std::vector<float> climbed_;                     // [batch]: their value
  std::vector<float> errors_of_one_;               // [batch]
};

}  // namespace ddpg
