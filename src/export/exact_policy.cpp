#include "export/exact_policy.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "nn/kernels.h"
#include "nn/tensors.h"

namespace ddpg {
namespace {

// With tanh and exp of the C library: what is compared here is told in three digits.
double activate(Activation activation, double x) {
  if (activation == Activation::relu) return x < 0 ? 0 : x;
  if (activation == Activation::tanh) return std::tanh(x);
  if (activation == Activation::elu) return x < 0 ? std::expm1(x) : x;
  return x;
}

}  // namespace

const Tensor* ExactPolicy::find(const std::string& name) const {
  return find_tensor(content_.tensors, name);
}

void ExactPolicy::dense(int layer, std::vector<double>& x) const {
  const std::string name = "layers." + std::to_string(layer);
  const Tensor& weight = *find(name + ".weight");
  const Tensor* bias = find(name + ".bias");
  std::vector<double> y(static_cast<std::size_t>(weight.shape[0]));
  const float* w = weight.values.data();
  for (std::size_t n = 0; n < y.size(); n++, w += x.size()) {
    y[n] = bias != nullptr ? static_cast<double>(bias->values[n]) : 0;
    for (std::size_t k = 0; k < x.size(); k++) y[n] += static_cast<double>(w[k]) * x[k];
  }
  x = std::move(y);
}

void ExactPolicy::batch_norm(const std::string& name, std::vector<double>& x) const {
  const auto at = [&](const char* part, std::size_t i) { return static_cast<double>(find(name + part)->values[i]); };
  for (std::size_t i = 0; i < x.size(); i++) {
    x[i] = at(".weight", i) * (x[i] - at(".running_mean", i)) / std::sqrt(at(".running_var", i) + kNormEpsilon) +
           at(".bias", i);
  }
}

void ExactPolicy::layer_norm(const std::string& name, std::vector<double>& x) const {
  const Tensor &gain = *find(name + ".weight"), &shift = *find(name + ".bias");
  double mean = 0, variance = 0;
  for (double value : x) mean += value / static_cast<double>(x.size());
  for (double value : x) variance += (value - mean) * (value - mean) / static_cast<double>(x.size());
  for (std::size_t i = 0; i < x.size(); i++) {
    x[i] = static_cast<double>(gain.values[i]) * (x[i] - mean) / std::sqrt(variance + kNormEpsilon) +
           static_cast<double>(shift.values[i]);
  }
}

std::vector<double> ExactPolicy::act(std::span<const double> observation) const {
  const NetworkShape& shape = content_.shape;
  std::vector<double> x;
  for (std::size_t i = 0; i < observation.size(); i++) {
    x.push_back(static_cast<double>(static_cast<float>(observation[i])));
    if (!content_.normalise) continue;
    x[i] = std::clamp((x[i] - content_.mean[i]) / content_.deviation[i], -content_.clip, content_.clip);
  }
  if (shape.batch_norm) batch_norm("input_norm", x);
  const int layers = static_cast<int>(shape.hidden.size()) + 1;
  for (int n = 0; n < layers; n++) {
    dense(n, x);
    if (has_norm(shape, n) && shape.batch_norm) batch_norm("norms." + std::to_string(n), x);
    if (has_norm(shape, n) && shape.layer_norm) layer_norm("norms." + std::to_string(n), x);
    for (double& value : x) value = activate(n + 1 < layers ? shape.activation : shape.output_activation, value);
  }
  for (std::size_t i = 0; i < x.size(); i++) {
    const double low = static_cast<double>(content_.action_low[i]), high = static_cast<double>(content_.action_high[i]);
    x[i] = std::clamp((low + high) / 2 + (high - low) / 2 * x[i], low, high);
  }
  return x;
}

}  // namespace ddpg
