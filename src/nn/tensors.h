// Which tensors a network has: their names, shapes and order, computed from its shape alone. Everything that stores,
// loads or counts parameters follows this one list. Not here: where the numbers lie in memory (network.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "nn/network.h"

namespace ddpg {

// The form of a Tensor, without its values.
struct TensorForm {
  std::string name;
  std::vector<int> shape;

  std::int64_t elements() const;  // product of `shape`

  bool operator==(const TensorForm&) const = default;
};

// Whether the dense layer `layer`, counted from 0, is followed by a normalisation: with layer_norm every hidden layer;
// with batch_norm every hidden layer of an actor, and in a critic the hidden layers before the action joins.
bool has_norm(const NetworkShape& shape, int layer);

// The one of this name, or null.
const Tensor* find_tensor(const std::vector<Tensor>& tensors, std::string_view name);

// All tensors of the network: "input_norm.*" first, then for each dense layer n, "layers.n.*" and "norms.n.*". A layer
// followed by batch norm has no bias: the normalisation would take it away again.
std::vector<TensorForm> expected_tensors(const NetworkShape& shape);

}  // namespace ddpg
