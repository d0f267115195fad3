// A multilayer perceptron: what it looks like, where its parameters lie, how it runs forward and backward.
// Not here: losses, optimisers, targets (src/agent), and how a product is computed (kernels.h).
//
//   observation -> [batch norm] -> dense 1 -> [norm] -> activation -> ... -> dense L -> output activation
//                                     ^ the action joins the input of dense `action_layer`
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ddpg/options.h"
#include "ddpg/random.h"
#include "nn/kernels.h"
#include "nn/panels.h"
#include "support/thread_pool.h"

namespace ddpg {

// The description of a network; constant after construction.
struct NetworkShape {
  int observation_size = 0;
  int action_size = 0;   // inputs that join at action_layer; 0: an actor
  int action_layer = 0;  // counted from 1; 0: no action
  std::vector<int> hidden;
  int output_size = 1;
  Activation activation = Activation::relu;
  Activation output_activation = Activation::linear;  // linear, or tanh for an actor
  bool batch_norm = false;
  bool layer_norm = false;

  bool operator==(const NetworkShape&) const = default;
};

// One parameter array in the order and layout that everyone else uses: weights [out, in] row by row, vectors [n].
// Names, n counted from 0 (output layer last): "layers.n.weight", "layers.n.bias"; the normalisation after layer n: "norms.n.weight",
// "norms.n.bias", "norms.n.running_mean", "norms.n.running_var"; batch norm of the observation: "input_norm.weight", ...
struct Tensor {
  std::string name;
  std::vector<int> shape;
  std::vector<float> values;

  bool operator==(const Tensor&) const = default;
};

// The numbers of one network: everything Adam trains, packed as the kernels read it, and batch norm's running statistics.
struct Weights {
  AlignedFloats parameters;
  AlignedFloats statistics;
};

}  // namespace ddpg
