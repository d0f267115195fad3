// How the work of a pass is cut: into blocks of rows where rows are independent, into panels of columns where they are
// not. Rows being independent, how they are cut changes no result; sums over rows are never cut.
#pragma once

#include <algorithm>

#include "nn/passes.h"

namespace ddpg {

// Rows in a block. One thread takes as many as keep a block's activations in the second-level cache, and more where the
// weights are so wide that they come from farther away for each block; several threads take fewer, so that all have the
// same to do.
inline int block_rows(bool shared, int width) {
  if (width > 512) return shared ? 48 : 144;
  return shared ? 16 : 48 * std::max(1, 256 / width);
}

// body(begin, end) for blocks of rows of matrices that are at most `width` wide.
template <class Body>
void for_row_blocks(const Compute& compute, int rows, int width, double flops, const Body& body) {
  const int size = block_rows(compute.shares(flops), width);
  compute.run((rows + size - 1) / size, flops,
              [&](int block) { body(block * size, std::min(rows, (block + 1) * size)); });
}

inline double dense_flops(const DenseLayout& layer, int rows) {
  return 2.0 * rows * (layer.in0 + layer.in1) * layer.out;
}

// Of so many panels of outputs, those whose weight gradients are one piece of work: for one thread all that there may
// be. For several no more than leave eight pieces: more of large minibatches, whose rows come from farther away for
// each piece, and two of small ones, which the widest tile takes side by side.
inline int panels_per_piece(bool shared, int rows, int panels) {
  const int most = std::max(1, panels / 8);
  return shared ? std::clamp(rows / 256, std::min(2, most), most) : 16;
}

// At most `count` panels of 16 columns of a matrix.
inline ConstPanels panels_from(ConstPanels x, int panel, int count) {
  return {x.data + panel * x.stride, x.rows, std::min(count * kPanel, x.width - panel * kPanel), x.stride};
}
inline Panels panels_from(Panels x, int panel, int count) {
  return {x.data + panel * x.stride, x.rows, std::min(count * kPanel, x.width - panel * kPanel), x.stride};
}

inline ConstPanels slot_value(int slot, ConstPanels observation, Trace& trace) {
  return slot == kObservationSlot ? observation : ConstPanels(trace.slot(slot).h.view(trace.rows));
}
// What a node reads besides the action.
inline ConstPanels node_input(const Node& node, ConstPanels observation, Trace& trace) {
  return slot_value(node.in, observation, trace);
}

// y = [x, action], for a join that no dense layer takes in. Columns lie in panels, so one by one.
inline void join_columns(ConstPanels x, ConstPanels action, Panels y) {
  for (int r = 0; r < y.rows; r++)
    for (int c = 0; c < y.width; c++) y.at(r, c) = c < x.width ? x.at(r, c) : action.at(r, c - x.width);
}
// to = the columns of y from `first` on; zero in the padding.
inline void take_columns(ConstPanels y, int first, Panels to) {
  for (int r = 0; r < to.rows; r++)
    for (int c = 0; c < padded(to.width); c++) to.at(r, c) = c < to.width ? y.at(r, first + c) : 0.0f;
}

}  // namespace ddpg
