// Tensors into a snapshot and out of it: see exchange.h.
#include "nn/exchange.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace ddpg {
namespace {

bool is_statistic(const Tensor& tensor) {
  return tensor.name.ends_with(".running_mean") || tensor.name.ends_with(".running_var");
}

void exchange_tensors(Snapshot& snapshot, std::string_view name, const Network& network, Weights& weights,
                      bool with_statistics) {
  std::vector<Tensor> tensors = network.tensors(weights);
  snapshot.inside(name, [&] {
    for (Tensor& tensor : tensors) {
      if (is_statistic(tensor) && !with_statistics) continue;
      snapshot.array(tensor.name, std::span<float>(tensor.values), {tensor.shape.begin(), tensor.shape.end()});
    }
  });
  if (!snapshot.restores()) return;
  Weights restored = network.from_tensors(tensors);
  weights.parameters = std::move(restored.parameters);
  if (with_statistics) weights.statistics = std::move(restored.statistics);
}

}  // namespace

void exchange_weights(Snapshot& snapshot, std::string_view name, const Network& network, Weights& weights) {
  exchange_tensors(snapshot, name, network, weights, true);
}

void exchange_parameters(Snapshot& snapshot, std::string_view name, const Network& network, AlignedFloats& floats) {
  Weights weights = network.make_weights();
  weights.parameters = std::move(floats);
  exchange_tensors(snapshot, name, network, weights, false);
  floats = std::move(weights.parameters);
}

}  // namespace ddpg
