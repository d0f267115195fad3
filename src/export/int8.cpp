// Weights as 8-bit integers: see c_header.h.
#include <algorithm>
#include <cmath>

#include "export/c_header.h"

namespace ddpg {

Int8Weights quantise(const Tensor& weight) {
  Int8Weights result;
  const auto in = static_cast<std::size_t>(weight.shape.at(1));
  for (std::size_t begin = 0; begin < weight.values.size(); begin += in) {
    float largest = 0;
    for (std::size_t k = 0; k < in; k++) largest = std::max(largest, std::fabs(weight.values[begin + k]));
    const float scale = largest / 127.0f;
    result.scales.push_back(scale);
    for (std::size_t k = 0; k < in; k++) {
      const float level = scale > 0 ? std::round(weight.values[begin + k] / scale) : 0.0f;
      result.values.push_back(static_cast<signed char>(std::clamp(level, -127.0f, 127.0f)));
    }
  }
  return result;
}

Policy::Content with_int8_weights(Policy::Content content) {
  for (Tensor& tensor : content.tensors) {
    if (tensor.shape.size() != 2) continue;
    const Int8Weights int8 = quantise(tensor);
    const std::size_t in = tensor.values.size() / int8.scales.size();
    for (std::size_t i = 0; i < tensor.values.size(); i++) {
      tensor.values[i] = int8.scales[i / in] * static_cast<float>(int8.values[i]);
    }
  }
  return content;
}

}  // namespace ddpg
