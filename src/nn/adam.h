// Adam (Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 1) over one network's parameters.
#pragma once

#include "nn/passes.h"
#include "support/snapshot.h"

namespace ddpg {

struct AdamConstants {
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
};

// What a step does beside Adam itself.
struct DescentOptions {
  double learning_rate = 1e-3;
  double gradient_clip = 0;  // largest L2 norm of the whole gradient, without the penalty; 0: off
  double l2 = 0;             // adds lambda w to the gradient of weights
  double tau = 0;            // soft update of the target: target = tau w + (1 - tau) target
  // Decay beside the step, of every parameter: w -= learning_rate weight_decay w (AdamW: Loshchilov and Hutter 2019,
  // "Decoupled weight decay regularization", without its schedule).
  double weight_decay = 0;
};

class Adam {
 public:
  Adam(const Network& network, const AdamConstants& constants);

  // w -= learning_rate mhat / (sqrt(vhat) + epsilon), and the soft update of `target` (may be null) in the same pass
  // over memory.
  void step(const Network& network, const Compute& compute, const AlignedFloats& gradient,
            const DescentOptions& descent, Weights& weights, Weights* target);

  std::int64_t steps() const { return steps_; }
  void exchange(Snapshot& snapshot, const Network& network);

 private:
  AdamConstants constants_;
  AlignedFloats first_moment_, second_moment_;
  std::vector<ParameterRange> blocks_;  // the parameters, cut for threads
  std::int64_t steps_ = 0;
  double beta1_power_ = 1, beta2_power_ = 1;
};

// L2 norm over all parameters.
double gradient_norm(const Network& network, const Compute& compute, const AlignedFloats& gradient);

}  // namespace ddpg
