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
// Names, n counted from 0 (output layer last): "layers.n.weight", "layers.n.bias"; the normalisation after layer n:
// "norms.n.weight", "norms.n.bias", "norms.n.running_mean", "norms.n.running_var"; batch norm of the observation:
// "input_norm.weight", ...
struct Tensor {
  std::string name;
  std::vector<int> shape;
  std::vector<float> values;

  bool operator==(const Tensor&) const = default;
};

// The numbers of one network: everything Adam trains, packed as the kernels read it, and batch norm's running
// statistics.
struct Weights {
  AlignedFloats parameters;
  AlignedFloats statistics;
};

// Offsets (in floats) of a normalisation's vectors, each padded to a panel: gain and shift in the parameters, running
// mean and variance in the statistics.
struct NormLayout {
  bool present = false;
  int width = 0;
  std::size_t gain = 0, shift = 0;
  std::size_t mean = 0, variance = 0;  // batch norm only
};

// One dense layer: inputs x0 [in0] from below and x1 [in1] from the action, outputs [out].
struct DenseLayout {
  int in0 = 0, in1 = 0, out = 0;
  Activation activation = Activation::linear;
  std::size_t weights = 0, weights_size = 0;
  bool has_bias = true;
  std::size_t bias = 0;
  NormLayout norm;

  std::ptrdiff_t panel_stride() const {
    return static_cast<std::ptrdiff_t>(in0 + in1) * kPanel;
  }  // between panels of outputs
  // Where the weights of x1 begin, and of x0 (first = 0), for the layout that kernels.h describes.
  std::size_t segment(int input) const {
    return input == 0 ? 0 : static_cast<std::size_t>(out == 1 ? padded(in0) : in0 * kPanel);
  }
};

// A run of parameters that Adam treats alike.
struct ParameterRange {
  std::size_t begin = 0, size = 0;
  bool is_weight = false;  // L2 applies to weights alone
};

// Where everything lies. Constant after construction; the numbers live in Weights, the intermediate results in a Trace
// (passes.h).
class Network {
 public:
  // Throws UsageError on sizes that cannot be.
  explicit Network(NetworkShape shape);

  const NetworkShape& shape() const { return shape_; }
  const NormLayout& input_norm() const { return input_norm_; }
  const std::vector<DenseLayout>& layers() const { return layers_; }
  const std::vector<ParameterRange>& ranges() const { return ranges_; }
  std::int64_t parameter_count() const;  // without padding
  std::size_t buffer_size() const { return buffer_size_; }

  // Zero weights, unit gains and variances.
  Weights make_weights() const;
  // Hidden layers U(+-1/sqrt(fan-in)), weights and biases; the output layer U(+-final_init), or as the others where
  // that is 0.
  Weights initialise(RandomStream& random, double final_init) const;

  std::vector<Tensor> tensors(const Weights& weights) const;
  // Throws UsageError when the tensors are not exactly those of tensors().
  Weights from_tensors(std::span<const Tensor> tensors) const;

 private:
  NetworkShape shape_;
  NormLayout input_norm_;
  std::vector<DenseLayout> layers_;
  std::vector<ParameterRange> ranges_;
  std::size_t buffer_size_ = 0, statistics_size_ = 0;
};

}  // namespace ddpg
