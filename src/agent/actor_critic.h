// The networks of DDPG and what a minibatch does to them: the critics' step, the actor's step, the targets' step. All
// of them see actions in [-1, 1], whatever the task's bounds. Not here: what the critics should say (target.h), what
// their outputs mean (critic_head.h), what they read where there is an encoder (embedding.h), and when all that happens
// (schedule.h, learner.cpp).
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "agent/embedding.h"
#include "agent/learned.h"
#include "agent/measures.h"
#include "agent/minibatch.h"
#include "agent/mu.h"
#include "agent/schedule.h"

namespace ddpg {

class CriticHead;

NetworkShape actor_shape(const Options& options, const Specification& specification);
NetworkShape critic_shape(const Options& options, const Specification& specification, int outputs);

class ActorCritic {
 public:
  // Options must be valid. `random` initialises the weights: the actor's first, then the critics', then the encoder's.
  // A critic has `outputs` outputs.
  ActorCritic(const Options& options, const Specification& specification, int outputs, RandomStream& random,
              Compute compute);

  // 12, for targets (target.h), one after the other: mu'(s) [batch, action_size] in [-1, 1], which the caller may
  // change; what target critics read of the same s and of that u; the outputs of target critic i there. Each result is
  // valid until the same is asked for again.
  Panels target_action(ConstPanels observation);
  Inputs target_inputs(ConstPanels observation, ConstPanels u);
  ConstPanels target_value(std::size_t critic, const Inputs& inputs);
  // Beside Algorithm 1: where there is an encoder, a step of it. Nothing below sees it before the next copies.
  void update_encoder(const Minibatch& minibatch) {
    if (encoder_) encoder_->update(minibatch);
  }
  // 13: each critic takes an Adam step on the head's loss + lambda / 2 |w|^2, and its target follows. `errors` [batch]:
  // in each row the error of the critic that is farthest off.
  void update_critics(const Minibatch& minibatch, ConstPanels y, const CriticHead& head, const Turn& turn,
                      std::span<float> errors, Measures& measures);
  // 14, on the minibatch that the critics were updated with: an Adam step on -mean Q(s, mu(s)) with respect to the
  // actor alone, Q as actor.aggregate takes it of the critics, or, with actor.cloning_alpha, on that and the distance
  // from the minibatch's actions; its target follows.
  void update_actor(const Minibatch& minibatch, const CriticHead& head, const Turn& turn, Measures& measures);
  // 15: the rest of the targets' step: the actor's where it took no step itself, copies when it is their turn, and
  // batch norm's running statistics, always copied.
  void update_targets(const Turn& turn);

  double critic_gradient_norm() const;  // of all critics together
  double actor_gradient_norm() const { return gradient_norm(actor.network, compute_, actor.gradient); }

  // What acts (mu.h).
  PolicyWeights policy_weights() const { return {&actor.weights, encoder_ ? &encoder_->f.fixed : nullptr}; }
  // A critic's outputs at what `embedding` makes of (s, u), with running statistics.
  ConstPanels value(std::size_t critic, const Inputs& inputs, Trace& trace) const;

  void exchange(Snapshot& snapshot);

  Learned actor;
  std::vector<Learned> critics;  // at least one
  Learned& critic() { return critics.front(); }
  const Learned& critic() const { return critics.front(); }
  const Encoder* encoder() const { return encoder_.get(); }  // null: there is none
  Encoder* encoder() { return encoder_.get(); }

 private:
  void clone(ConstPanels a, ConstPanels u, Panels da) const;
  void penalise(ConstPanels u, Panels da) const;
  // The gradient of -mean Q(s, u) to u, for the rows' u.
  Panels climb(ConstPanels observation, ConstPanels u, const CriticHead& head, Measures& measures);
  void step(Learned& learned, const NetworkOptions& how, double l2, const Turn& turn);
  NormMode target_mode() const;

  Options options_;
  Compute compute_;
  std::unique_ptr<Encoder> encoder_;
  Embedding embedding_;               // of a minibatch
  Trace actor_trace_, critic_trace_;  // likewise; the critics share one
  // [batch, embedding_.gradient_width()]: to what critics read, of all that are climbed, of one
  PanelMatrix climb_gradient_, gradient_of_one_;
  std::vector<float> climbed_;        // [batch]: their value
  std::vector<float> errors_of_one_;  // [batch]
};

}  // namespace ddpg
