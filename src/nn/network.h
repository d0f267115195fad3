// A network: where the parameters of its steps lie, and in which order they are computed (plan.h).
// Not here: bodies (body.h), the passes (passes.h), losses, optimisers, targets (src/agent), and how a product is
// computed (kernels.h).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ddpg/network.h"
#include "ddpg/random.h"
#include "nn/body.h"
#include "nn/panels.h"
#include "nn/plan.h"

namespace ddpg {

// One parameter array in the order and layout that everyone else uses: weights [out, in] row by row, vectors [n].
// Names, n counted from 0 (output layer last): "layers.n.weight", "layers.n.bias"; the normalisation after layer n:
// "norms.n.weight", "norms.n.bias", "norms.n.running_mean", "norms.n.running_var"; that before the first layer:
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
  bool batch = false;  // batch norm; otherwise layer norm
  int width = 0;
  std::size_t gain = 0, shift = 0;
  std::size_t mean = 0, variance = 0;  // batch norm only
};

// One dense layer: inputs x0 [in0] from below and x1 [in1] from the action, outputs [out].
struct DenseLayout {
  int in0 = 0, in1 = 0, out = 0;
  std::size_t weights = 0, weights_size = 0;
  bool has_bias = true;
  std::size_t bias = 0;

  // From one panel of outputs to the next.
  std::ptrdiff_t panel_stride() const { return static_cast<std::ptrdiff_t>(in0 + in1) * kPanel; }
  // Where the weights of x0 (input 0) or x1 (input 1) begin, for the layout that kernels.h describes.
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
  explicit Network(NetworkBody body, Fusing fusing = Fusing::on);
  explicit Network(const NetworkShape& shape) : Network(body_of(shape)) {}

  const NetworkBody& body() const { return body_; }
  int observation_size() const { return body_.observation_size; }
  int action_size() const { return body_.action_size; }
  const Plan& plan() const { return plan_; }
  const std::vector<DenseLayout>& layers() const { return layers_; }
  const std::vector<NormLayout>& norms() const { return norms_; }
  const std::vector<ParameterRange>& ranges() const { return ranges_; }
  std::int64_t parameter_count() const;  // without padding
  std::size_t buffer_size() const { return buffer_size_; }

  // Zero weights, unit gains and variances.
  Weights make_weights() const;
  // As `init` says; the output layer U(+-final_init), weights and biases, where that is not 0.
  Weights initialise(RandomStream& random, double final_init, Init init = Init::fan_in) const;

  std::vector<Tensor> tensors(const Weights& weights) const;
  // Throws UsageError when the tensors are not exactly those of tensors().
  Weights from_tensors(std::span<const Tensor> tensors) const;

 private:
  void initialise_uniform(const DenseLayout& layer, double bound, RandomStream& random, Weights& weights) const;
  std::size_t take(std::size_t size, bool is_weight);
  void lay_out_dense(const Node& node);
  void lay_out_norm(const Node& node);

  NetworkBody body_;
  Plan plan_;
  std::vector<DenseLayout> layers_;
  std::vector<NormLayout> norms_;
  std::vector<ParameterRange> ranges_;
  std::size_t buffer_size_ = 0, statistics_size_ = 0;
};

}  // namespace ddpg
