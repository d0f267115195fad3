// The arithmetic of a policy, once for each instruction set, chosen when a policy is loaded. The order of every sum is
// that of training (src/nn/kernels.h), so the bits are, too:
//   - an output of a dense layer: one chain of fused multiply-adds, k ascending, that starts at the bias;
//   - a layer's only output, and layer norm's sums along a row: 16 lanes, then the lanes as a tree.
//
// Layout. A row of numbers is padded with zeros to a multiple of 16 (a panel). Weights of a dense layer of `out` > 1:
// groups of up to 4 panels of outputs (64), each group [in][its panels * 16], so that one observation reads them as one
// stream from first to last. out = 1: [padded in].
#pragma once

#include <cstddef>
#include <cstdint>

#include "deploy/view.h"

namespace ddpg::deploy {

inline constexpr int kPanel = 16;
inline constexpr int kGroup = 4;  // panels in a group
inline constexpr int kRows = 4;   // that are computed together in a batch
inline constexpr float kNormEpsilon = 1e-5f;
inline constexpr float kAvgL1Epsilon = 1e-8f;

constexpr std::int64_t padded(std::int64_t width) {
  return (width + kPanel - 1) / kPanel * kPanel;
}

struct Dense {
  int in = 0, out = 0;
  const float* weights = nullptr;
  const float* bias = nullptr;  // [padded out], zeros where the layer has none
};

// Rows of padded numbers, `stride` floats from one to the next.
struct Rows {
  float* data = nullptr;
  std::ptrdiff_t stride = 0;
  int count = 1;  // 1, or kRows

  float* row(int r) const { return data + r * stride; }
};

struct Kernels {
  const char* name;
  // y [rows, out] = activation(x [rows, in] W' + bias)
  void (*dense)(const Dense& layer, Rows x, Activation activation, Rows y) noexcept;
  // Two layers for one row: y = activation(x W' + bias), activation linear or relu, y more than one number, and then
  // z = final(y V' + bias) of 2 to 16 numbers. Each sum of z is a chain that waits for itself: its steps are done while
  // the first layer's weights arrive. z may be x.
  void (*two_dense)(const Dense& layer, Rows x, Activation activation, Rows y, const Dense& last, Activation final,
                    Rows z) noexcept;
  // y = activation(scale (y - mean) + shift), the width a multiple of 16
  void (*batch_norm)(int width, const float* scale, const float* mean, const float* shift, Activation activation,
                     Rows y) noexcept;
  // y = activation(gain (y - its row's mean) / sqrt(its row's variance + epsilon) + shift)
  void (*layer_norm)(int width, const float* gain, const float* shift, Activation activation, Rows y) noexcept;
  // y = activation(y + other), the width a multiple of 16; of no data: y = activation(y)
  void (*add)(int width, Rows other, Activation activation, Rows y) noexcept;
  // y = y / (its row's mean of absolute values, at least kAvgL1Epsilon)
  void (*avg_l1_norm)(int width, Rows y) noexcept;
};

// The fastest set for this processor.
const Kernels& best_kernels() noexcept;
// The sets that this processor can run, slowest first; `i` from 0, null behind the last.
const Kernels* available_kernels(int i) noexcept;

}  // namespace ddpg::deploy
