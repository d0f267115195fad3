// How the work of a pass is cut: into blocks of rows where rows are independent, into panels of columns where they are
// not. The cut is the same for any number of threads.
#pragma once

#include <algorithm>

#include "nn/passes.h"

namespace ddpg {

inline constexpr int kBlockRows =
    48;  // a multiple of every tile height; small enough that a block's activations stay in the cache

inline int row_blocks(int rows) {
  return (rows + kBlockRows - 1) / kBlockRows;
}

template <class Body>
void for_row_blocks(const Compute& compute, int rows, double flops, const Body& body) {
  compute.run(row_blocks(rows), flops,
              [&](int block) { body(block * kBlockRows, std::min(rows, (block + 1) * kBlockRows)); });
}

inline double dense_flops(const DenseLayout& layer, int rows) {
  return 2.0 * rows * (layer.in0 + layer.in1) * layer.out;
}

// One panel of 16 columns of a matrix.
inline ConstPanels panel_of(ConstPanels x, int panel) {
  return {x.data + panel * x.stride, x.rows, std::min(kPanel, x.width - panel * kPanel), x.stride};
}
inline Panels panel_of(Panels x, int panel) {
  return {x.data + panel * x.stride, x.rows, std::min(kPanel, x.width - panel * kPanel), x.stride};
}

// What the first dense layer reads.
inline ConstPanels layer_input(const Network& network, std::size_t n, ConstPanels observation, const Trace& trace) {
  if (n > 0) return trace.layers[n - 1].h.view(trace.rows);
  return network.input_norm().present ? trace.input.view(trace.rows) : observation;
}

}  // namespace ddpg
