// Layout, initialisation, packing and unpacking of a network's parameters.
#include "nn/network.h"

#include <cmath>

#include "ddpg/error.h"
#include "nn/initialisation.h"
#include "nn/tensors.h"

namespace ddpg {
namespace {

// Where element (n, k) of a dense layer's weights lies, k counted over both inputs.
std::size_t weight_index(const DenseLayout& layer, int n, int k) {
  if (layer.out == 1) return layer.weights + (k < layer.in0 ? k : layer.segment(1) + (k - layer.in0));
  return layer.weights + static_cast<std::size_t>(n / kPanel) * layer.panel_stride() +
         static_cast<std::size_t>(k) * kPanel + n % kPanel;
}

// Tensor by tensor in their public order: calls begin(), then visit(value) for each of its elements.
template <class WeightsT, class Begin, class Visit>
void visit_tensors(const Network& network, WeightsT& weights, Begin begin, Visit visit) {
  const auto vector = [&](auto& floats, std::size_t offset, int width) {
    begin();
    for (int i = 0; i < width; i++) visit(floats[offset + i]);
  };
  const auto dense = [&](const DenseLayout& layer) {
    begin();
    for (int n = 0; n < layer.out; n++)
      for (int k = 0; k < layer.in0 + layer.in1; k++) visit(weights.parameters[weight_index(layer, n, k)]);
    if (layer.has_bias) vector(weights.parameters, layer.bias, layer.out);
  };
  const auto norm = [&](const NormLayout& layout) {
    vector(weights.parameters, layout.gain, layout.width);
    vector(weights.parameters, layout.shift, layout.width);
    if (!layout.batch) return;
    vector(weights.statistics, layout.mean, layout.width);
    vector(weights.statistics, layout.variance, layout.width);
  };
  for (const Node& node : network.plan().nodes) {
    const auto index = static_cast<std::size_t>(node.index);
    switch (node.kind) {
      case StepKind::dense:
        dense(network.layers()[index]);
        break;
      case StepKind::layer_norm:
      case StepKind::batch_norm:
        norm(network.norms()[index]);
        break;
      case StepKind::activate:
      case StepKind::join:
      case StepKind::add:
      case StepKind::avg_l1_norm:
      case StepKind::recall:
      case StepKind::append:
        break;
    }
  }
}

void fill_ones(AlignedFloats& floats, std::size_t offset, int width) {
  for (int i = 0; i < width; i++) floats[offset + i] = 1.0f;
}

}  // namespace

Network::Network(NetworkBody body, Fusing fusing) : body_(std::move(body)) {
  if (body_.observation_size < 1 || body_.action_size < 0) throw UsageError("[network] sizes must be >= 1");
  if (const char* fault = fault_of(body_.steps, body_.observation_size, body_.action_size))
    throw UsageError(std::string("[network] ") + fault);
  plan_ = make_plan(body_, fusing);
  for (const Node& node : plan_.nodes) {
    switch (node.kind) {
      case StepKind::dense:
        lay_out_dense(node);
        break;
      case StepKind::layer_norm:
      case StepKind::batch_norm:
        lay_out_norm(node);
        break;
      case StepKind::activate:
      case StepKind::join:
      case StepKind::add:
      case StepKind::avg_l1_norm:
      case StepKind::recall:
      case StepKind::append:
        break;
    }
  }
}

std::size_t Network::take(std::size_t size, bool is_weight) {
  const std::size_t begin = buffer_size_;
  ranges_.push_back({begin, size, is_weight});
  buffer_size_ += size;
  return begin;
}

void Network::lay_out_dense(const Node& node) {
  DenseLayout layer;
  layer.in0 = node.in_width;
  layer.in1 = node.joined;
  layer.out = node.out_width;
  layer.has_bias = body_.steps[static_cast<std::size_t>(node.step)].bias;
  layer.weights_size = static_cast<std::size_t>(layer.out == 1 ? padded(layer.in0) + padded(layer.in1)
                                                               : panels_of(layer.out) * layer.panel_stride());
  layer.weights = take(layer.weights_size, true);
  if (layer.has_bias) layer.bias = take(padded(layer.out), false);
  layers_.push_back(layer);
}

void Network::lay_out_norm(const Node& node) {
  const int width = node.out_width;
  NormLayout norm{node.kind == StepKind::batch_norm, width, take(padded(width), false), take(padded(width), false)};
  if (norm.batch) {
    norm.mean = statistics_size_;
    norm.variance = norm.mean + padded(width);
    statistics_size_ = norm.variance + padded(width);
  }
  norms_.push_back(norm);
}

std::int64_t Network::parameter_count() const {
  std::int64_t count = 0;
  for (const TensorForm& form : expected_tensors(body_))
    if (!form.name.ends_with("running_mean") && !form.name.ends_with("running_var")) count += form.elements();
  return count;
}

Weights Network::make_weights() const {
  Weights weights{AlignedFloats(buffer_size_), AlignedFloats(statistics_size_)};
  for (const NormLayout& norm : norms_) {
    fill_ones(weights.parameters, norm.gain, norm.width);
    if (norm.batch) fill_ones(weights.statistics, norm.variance, norm.width);
  }
  return weights;
}

void Network::initialise_uniform(const DenseLayout& layer, double bound, RandomStream& random, Weights& weights) const {
  for (int n = 0; n < layer.out; n++)
    for (int k = 0; k < layer.in0 + layer.in1; k++)
      weights.parameters[weight_index(layer, n, k)] = static_cast<float>(random.uniform(-bound, bound));
  if (!layer.has_bias) return;
  for (int n = 0; n < layer.out; n++)
    weights.parameters[layer.bias + n] = static_cast<float>(random.uniform(-bound, bound));
}

Weights Network::initialise(RandomStream& random, double final_init, Init init) const {
  Weights weights = make_weights();
  for (const DenseLayout& layer : layers_) {
    const int in = layer.in0 + layer.in1;
    const bool is_first = &layer == &layers_.front(), is_last = &layer == &layers_.back();
    if (is_last && final_init > 0) {
      initialise_uniform(layer, final_init, random, weights);
    } else if (init == Init::fan_in) {
      initialise_uniform(layer, 1.0 / std::sqrt(static_cast<double>(in)), random, weights);
    } else {
      const auto make = is_first || is_last ? orthogonal_weights : he_weights;
      const std::vector<float> drawn = make(layer.out, in, random);
      std::size_t next = 0;
      for (int n = 0; n < layer.out; n++)
        for (int k = 0; k < in; k++) weights.parameters[weight_index(layer, n, k)] = drawn[next++];
    }
  }
  return weights;
}

std::vector<Tensor> Network::tensors(const Weights& weights) const {
  std::vector<Tensor> tensors;
  for (const TensorForm& form : expected_tensors(body_)) tensors.push_back({form.name, form.shape, {}});
  auto next = tensors.begin();
  visit_tensors(
      *this, weights, [&] { ++next; }, [&](float value) { std::prev(next)->values.push_back(value); });
  return tensors;
}

Weights Network::from_tensors(std::span<const Tensor> tensors) const {
  const std::vector<TensorForm> expected = expected_tensors(body_);
  if (expected.size() != tensors.size())
    throw UsageError("[network] expected " + std::to_string(expected.size()) + " tensors, found " +
                     std::to_string(tensors.size()));
  for (std::size_t i = 0; i < expected.size(); i++)
    if (tensors[i].name != expected[i].name || tensors[i].shape != expected[i].shape ||
        static_cast<std::int64_t>(tensors[i].values.size()) != expected[i].elements())
      throw UsageError("[network] expected the tensor " + expected[i].name + ", found " + tensors[i].name +
                       " or another shape");
  Weights weights = make_weights();
  std::size_t tensor = 0, element = 0;
  visit_tensors(
      *this, weights, [&] { tensor++, element = 0; },
      [&](float& value) { value = tensors[tensor - 1].values[element++]; });
  return weights;
}

}  // namespace ddpg
