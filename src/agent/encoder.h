// SALE, state-action learned embeddings: Fujimoto et al. 2023, "For SALE: state-action representation learning for deep
// reinforcement learning" (TD7), arXiv:2306.02451, section 4.1, by the code published with it. Two networks,
//   z_s = f(s)   z_sa = g(z_s, a)
// are learnt by making g(f(s), a) predict f(s'), which nothing is differentiated through. Here is what they learn. What
// is made of them for actor and critics: embedding.h.
#pragma once

#include "agent/learned.h"
#include "agent/minibatch.h"
#include "ddpg/environment.h"

namespace ddpg {

NetworkShape state_encoder_shape(const Options& options, const Specification& specification);
NetworkShape action_encoder_shape(const Options& options, const Specification& specification);

// Whose embeddings: those of the last copies, which actor and critics learn from; those of the copies before, which go
// with the targets.
enum class Age { fixed, target };

// An encoder network with its copies.
struct Encoding : Learned {
  using Learned::Learned;
  const Weights& at(Age age) const { return age == Age::fixed ? fixed : target; }
  void copy();  // target <- fixed <- weights

  Weights fixed = weights;

  void exchange(Snapshot& snapshot);
};

class Encoder {
 public:
  // Options must be valid and ask for one. `random` initialises the weights: f's first.
  Encoder(const Options& options, const Specification& specification, RandomStream& random, Compute compute);

  // An Adam step on the mean of (g(f(s), a) - f(s'))^2.
  void update(const Minibatch& minibatch);
  double loss() const { return loss_; }  // of the last update
  void copy();

  void exchange(Snapshot& snapshot);

  Encoding f, g;

 private:
  double loss_ = 0;
  double learning_rate_;
  Compute compute_;
  Trace f_trace_, next_trace_, g_trace_;
};

}  // namespace ddpg
