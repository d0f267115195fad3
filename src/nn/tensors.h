// Which tensors a network has: their names, shapes and order, computed from its steps alone. Everything that stores,
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

// The one of this name, or null.
const Tensor* find_tensor(const std::vector<Tensor>& tensors, std::string_view name);

std::string tensor_name(const TensorPlace& place);
TensorForm form_of(const TensorPlace& place);

// All tensors of the network, step by step, as for_each_tensor() gives them.
std::vector<TensorForm> expected_tensors(const NetworkBody& body);
inline std::vector<TensorForm> expected_tensors(const NetworkShape& shape) {
  return expected_tensors(body_of(shape));
}

}  // namespace ddpg
