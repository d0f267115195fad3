// Random matrices and weights in the layouts of kernels.h, and their comparison bit by bit. For tests alone.
#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>

#include "ddpg/random.h"
#include "nn/kernels.h"
#include "nn/panels.h"

namespace ddpg::testing {

// Mostly normal deviates; now and then an exact zero of either sign or a denormal number.
inline float random_float(RandomStream& random) {
  switch (random.below(32)) {
    case 0:
      return 0.0f;
    case 1:
      return -0.0f;
    case 2:
      return 1e-40f;
    default:
      return static_cast<float>(random.normal());
  }
}

inline AlignedFloats random_floats(RandomStream& random, int size) {
  AlignedFloats floats(static_cast<std::size_t>(size));
  for (float& value : floats) value = random_float(random);
  return floats;
}

// [width] random numbers, zero in the padding.
inline AlignedFloats random_vector(RandomStream& random, int width) {
  AlignedFloats vector(static_cast<std::size_t>(padded(width)));
  for (int i = 0; i < width; i++) vector[static_cast<std::size_t>(i)] = random_float(random);
  return vector;
}

inline PanelMatrix random_matrix(RandomStream& random, int rows, int width) {
  PanelMatrix matrix(rows, width);
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < width; c++) matrix.view().at(r, c) = random_float(random);
  return matrix;
}

// Panels of 16 outputs: w[n / 16][k][n % 16].
inline AlignedFloats random_panel_weights(RandomStream& random, int in, int out) {
  AlignedFloats weights(static_cast<std::size_t>(panels_of(out) * in * kPanel));
  for (int n = 0; n < out; n++)
    for (int k = 0; k < in; k++)
      weights[static_cast<std::size_t>(n / kPanel * in * kPanel + k * kPanel + n % kPanel)] = random_float(random);
  return weights;
}

// The weights of a dense layer with two inputs; those of a single output lie one for each input lane.
inline AlignedFloats random_weights(RandomStream& random, int in0, int in1, int out) {
  if (out > 1) return random_panel_weights(random, in0 + in1, out);
  AlignedFloats weights(static_cast<std::size_t>(padded(in0) + padded(in1)));
  for (int k = 0; k < in0; k++) weights[static_cast<std::size_t>(k)] = random_float(random);
  for (int k = 0; k < in1; k++) weights[static_cast<std::size_t>(padded(in0) + k)] = random_float(random);
  return weights;
}

// Where results go: every float holds a mark, so that a kernel that writes too little or too much is seen.
inline constexpr float kMark = 123.25f;

inline AlignedFloats marked_floats(int size) {
  AlignedFloats floats(static_cast<std::size_t>(size));
  for (float& value : floats) value = kMark;
  return floats;
}

inline std::size_t floats_in(ConstPanels x) {
  return static_cast<std::size_t>(x.panels() * x.stride);
}

inline PanelMatrix marked_matrix(int rows, int width) {
  PanelMatrix matrix(rows, width);
  for (std::size_t i = 0; i < floats_in(matrix.view()); i++) matrix.view().data[i] = kMark;
  return matrix;
}

// Equal bits; any NaN equals any other, since IEEE 754 leaves their bits open.
inline ::testing::AssertionResult same_bits(const float* expected, const float* found, std::size_t size) {
  for (std::size_t i = 0; i < size; i++) {
    if (std::isnan(expected[i]) && std::isnan(found[i])) continue;
    if (std::bit_cast<std::uint32_t>(expected[i]) != std::bit_cast<std::uint32_t>(found[i]))
      return ::testing::AssertionFailure()
             << "at " << i << " of " << size << ": expected " << std::hexfloat << expected[i] << ", found " << found[i];
  }
  return ::testing::AssertionSuccess();
}

inline ::testing::AssertionResult same_bits(const AlignedFloats& expected, const AlignedFloats& found) {
  if (expected.size() != found.size()) return ::testing::AssertionFailure() << "different sizes";
  return same_bits(expected.data(), found.data(), expected.size());
}

// Padding and the floats between the panels included.
inline ::testing::AssertionResult same_bits(const PanelMatrix& expected, const PanelMatrix& found) {
  return same_bits(expected.view().data, found.view().data, floats_in(expected.view()));
}

// Padding included, what lies between the panels not.
inline ::testing::AssertionResult same_rows(ConstPanels expected, ConstPanels found) {
  for (int p = 0; p < expected.panels(); p++) {
    auto same = same_bits(expected.row(p, 0), found.row(p, 0), static_cast<std::size_t>(expected.rows) * kPanel);
    if (!same) return same << " of panel " << p;
  }
  return ::testing::AssertionSuccess();
}

// The lanes beyond the width are zero in every row.
inline ::testing::AssertionResult padding_is_zero(ConstPanels x) {
  for (int r = 0; r < x.rows; r++)
    for (int c = x.width; c < padded(x.width); c++)
      if (x.at(r, c) != 0)
        return ::testing::AssertionFailure()
               << "row " << r << ", column " << c << " of " << x.width << ": " << x.at(r, c);
  return ::testing::AssertionSuccess();
}

}  // namespace ddpg::testing
