// Every set of kernels against the reference, on random shapes: the same bits, padding included. That the reference
// itself is right is the matter of kernels_reference_test.cpp and gradient_test.cpp. Losses, Adam and special values:
// kernels_rows_test.cpp.
#include "nn/kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <limits>
#include <string>

#include "nn/kernel_set.h"

namespace ddpg {

namespace {

using testing::KernelSet;
using testing::marked_floats;
using testing::marked_matrix;
using testing::padding_is_zero;
using testing::random_floats;
using testing::random_matrix;
using testing::random_panel_weights;
using testing::random_vector;
using testing::random_weights;
using testing::same_bits;
using testing::same_rows;

TEST(Kernels, ReferenceIsAvailableAndTheBestIsTheLast) {
  const std::vector<const Kernels*> sets = available_kernels();
  EXPECT_EQ(sets.front(), &reference_kernels());
  EXPECT_EQ(sets.back(), &best_kernels());
  std::string names;
  for (const Kernels* kernels : sets) names += std::string(" ") + kernels->name;
  std::cout << "[   NOTE   ] sets of kernels tested on this processor:" << names << "\n";
  if (sets.size() == 1)
    std::cout << "[   NOTE   ] ONLY the reference ran: this processor has neither AVX2, AVX-512 nor NEON\n";
}

INSTANTIATE_TEST_SUITE_P(Kernels, KernelSet, ::testing::ValuesIn(available_kernels()), [](const auto& test) {
  std::string name = test.param->name;
  std::erase_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); });
  return name;
});

TEST_P(KernelSet, DenseForward) {
  for (int i = 0; i < 2 * kCases; i++) {
    const int rows = size(), in0 = size(), in1 = random.below(2) ? size() : 0, out = size();
    const Activation f = activation();
    SCOPED_TRACE(::testing::Message() << rows << " x (" << in0 << " + " << in1 << ") x " << out);
    const PanelMatrix x0 = random_matrix(random, rows, in0), x1 = random_matrix(random, rows, in1);
    const ConstPanels action = in1 ? x1.view() : ConstPanels{};
    const AlignedFloats weights = random_weights(random, in0, in1, out), biases = random_vector(random, out);
    const float* bias = random.below(4) ? biases.data() : nullptr;
    PanelMatrix expected = marked_matrix(rows, out), found = marked_matrix(rows, out), parts = marked_matrix(rows, out);
    plain.dense_forward(x0.view(), action, weights.data(), bias, f, expected.view());
    fast.dense_forward(x0.view(), action, weights.data(), bias, f, found.view());
    ASSERT_TRUE(same_bits(expected, found));
    ASSERT_TRUE(out == 1 || padding_is_zero(found.view()));

    // the same in two blocks of rows
    const int cut = 1 + static_cast<int>(random.below(rows));
    for (const auto& [begin, end] : {std::pair{0, cut}, {cut, rows}})
      fast.dense_forward(x0.view().block(begin, end), action.block(begin, end), weights.data(), bias, f,
                         parts.view().block(begin, end));
    ASSERT_TRUE(same_bits(expected, parts));
  }
}

TEST_P(KernelSet, DenseBackwardInput) {
  for (int i = 0; i < 2 * kCases; i++) {
    const int rows = size(), in = size(), out = size();
    const Activation f = activation();
    SCOPED_TRACE(::testing::Message() << rows << " x " << out << " x " << in);
    const PanelMatrix dz = random_matrix(random, rows, out), h = random_matrix(random, rows, in);
    const AlignedFloats transposed = random_panel_weights(random, out, in);
    PanelMatrix expected = marked_matrix(rows, in), found = marked_matrix(rows, in);
    const ConstPanels output = f == Activation::linear ? ConstPanels{} : h.view();
    plain.dense_backward_input(dz.view(), transposed.data(), f, output, expected.view());
    fast.dense_backward_input(dz.view(), transposed.data(), f, output, found.view());
    ASSERT_TRUE(same_bits(expected, found));
    ASSERT_TRUE(padding_is_zero(found.view()));
  }
}

TEST_P(KernelSet, DenseBackwardWeights) {
  for (int i = 0; i < 2 * kCases; i++) {
    const int rows = size(), in = size(), out = size(), other = random.below(2) ? size() : 0;
    SCOPED_TRACE(::testing::Message() << rows << " x " << in << " x " << out);
    const PanelMatrix x = random_matrix(random, rows, in), dz = random_matrix(random, rows, out);
    const std::ptrdiff_t stride = (in + other) * kPanel;  // weights of another input lie between the panels
    AlignedFloats expected = marked_floats(static_cast<int>(stride) * panels_of(out)), found = expected;
    plain.dense_backward_weights(x.view(), dz.view(), expected.data(), stride);
    fast.dense_backward_weights(x.view(), dz.view(), found.data(), stride);
    ASSERT_TRUE(same_bits(expected, found));
  }
}

// Sums that are long enough to be done in pieces, over inputs, outputs and rows.
TEST_P(KernelSet, LongSums) {
  for (const auto& [rows, in0, in1, out] : std::vector<std::array<int, 4>>{{7, 257, 0, 20},
                                                                           {300, 130, 5, 20},
                                                                           {13, 600, 6, 33},
                                                                           {3, 530, 300, 16},
                                                                           {5, 1040, 1, 1},
                                                                           {257, 9, 4, 17},
                                                                           {700, 22, 0, 6}}) {
    const Activation f = activation();
    SCOPED_TRACE(::testing::Message() << rows << " x (" << in0 << " + " << in1 << ") x " << out);
    const PanelMatrix x0 = random_matrix(random, rows, in0), x1 = random_matrix(random, rows, std::max(in1, 1));
    const ConstPanels action = in1 ? x1.view() : ConstPanels{};
    const AlignedFloats weights = random_weights(random, in0, in1, out), bias = random_vector(random, out);
    PanelMatrix expected = marked_matrix(rows, out), found = marked_matrix(rows, out);
    plain.dense_forward(x0.view(), action, weights.data(), bias.data(), f, expected.view());
    fast.dense_forward(x0.view(), action, weights.data(), bias.data(), f, found.view());
    ASSERT_TRUE(same_bits(expected, found));

    // backwards the same numbers the other way round: in0 outputs, `out` inputs
    const PanelMatrix h = random_matrix(random, rows, out);
    const AlignedFloats transposed = random_panel_weights(random, in0, out);
    plain.dense_backward_input(x0.view(), transposed.data(), f, h.view(), expected.view());
    fast.dense_backward_input(x0.view(), transposed.data(), f, h.view(), found.view());
    ASSERT_TRUE(same_bits(expected, found));

    AlignedFloats gradient = marked_floats(in0 * kPanel * panels_of(out)), found_gradient = gradient;
    plain.dense_backward_weights(x0.view(), h.view(), gradient.data(), in0 * kPanel);
    fast.dense_backward_weights(x0.view(), h.view(), found_gradient.data(), in0 * kPanel);
    ASSERT_TRUE(same_bits(gradient, found_gradient));
  }
}

TEST_P(KernelSet, TransposeWeights) {
  for (int i = 0; i < kCases; i++) {
    const int first = random.below(2) ? size() : 0, in = size(), out = size();
    SCOPED_TRACE(::testing::Message() << first << " + " << in << " x " << out);
    const AlignedFloats weights = random_panel_weights(random, first + in, out);
    AlignedFloats expected = marked_floats(panels_of(in) * out * kPanel), found = expected;
    plain.transpose_weights(weights.data(), (first + in) * kPanel, first, in, out, expected.data());
    fast.transpose_weights(weights.data(), (first + in) * kPanel, first, in, out, found.data());
    ASSERT_TRUE(same_bits(expected, found));
  }
}

TEST_P(KernelSet, Sums) {
  for (int i = 0; i < kCases; i++) {
    const int rows = size(), width = size();
    const PanelMatrix a = random_matrix(random, rows, width), b = random_matrix(random, rows, width);
    AlignedFloats expected = marked_floats(padded(width)), found = expected;
    plain.column_sums(a.view(), expected.data());
    fast.column_sums(a.view(), found.data());
    ASSERT_TRUE(same_bits(expected, found));
    plain.column_products(a.view(), b.view(), expected.data());
    fast.column_products(a.view(), b.view(), found.data());
    ASSERT_TRUE(same_bits(expected, found));

    const AlignedFloats x = random_floats(random, kPanel * size());
    const float sums[] = {plain.sum_of_squares(x.data(), x.size()), fast.sum_of_squares(x.data(), x.size())};
    ASSERT_TRUE(same_bits(&sums[0], &sums[1], 1));
  }
}

TEST_P(KernelSet, BatchNorm) {
  for (int i = 0; i < kCases; i++) {
    const int rows = size(), width = size();
    const Activation f = activation();
    SCOPED_TRACE(::testing::Message() << rows << " x " << width);
    const PanelMatrix z = random_matrix(random, rows, width), dn = random_matrix(random, rows, width);
    const AlignedFloats gain = random_vector(random, width), shift = random_vector(random, width);
    const AlignedFloats blank = marked_floats(padded(width));
    AlignedFloats mean = blank, variance = blank, inverse = blank, mean2 = blank, variance2 = blank, inverse2 = blank;
    PanelMatrix xhat = marked_matrix(rows, width), y = xhat, xhat2 = xhat, y2 = xhat, in_place = z, dz = xhat,
                dz2 = xhat;

    plain.batch_norm_forward(z.view(), gain.data(), shift.data(), f, mean.data(), variance.data(), inverse.data(),
                             xhat.view(), y.view());
    fast.batch_norm_forward(z.view(), gain.data(), shift.data(), f, mean2.data(), variance2.data(), inverse2.data(),
                            xhat2.view(), y2.view());
    ASSERT_TRUE(same_bits(mean, mean2) && same_bits(variance, variance2) && same_bits(inverse, inverse2));
    ASSERT_TRUE(same_bits(xhat, xhat2));
    ASSERT_TRUE(same_bits(y, y2));
    ASSERT_TRUE(padding_is_zero(y2.view()));
    fast.batch_norm_forward(in_place.view(), gain.data(), shift.data(), f, mean2.data(), variance2.data(),
                            inverse2.data(), xhat2.view(), in_place.view());
    ASSERT_TRUE(same_rows(y.view(), in_place.view()));

    plain.batch_norm_inference(z.view(), gain.data(), shift.data(), mean.data(), variance.data(), f, y.view());
    fast.batch_norm_inference(z.view(), gain.data(), shift.data(), mean.data(), variance.data(), f, y2.view());
    ASSERT_TRUE(same_bits(y, y2));

    AlignedFloats dgain = blank, dshift = blank, dgain2 = blank, dshift2 = blank;
    plain.batch_norm_backward(dn.view(), xhat.view(), gain.data(), inverse.data(), dgain.data(), dshift.data(),
                              dz.view());
    fast.batch_norm_backward(dn.view(), xhat.view(), gain.data(), inverse.data(), dgain2.data(), dshift2.data(),
                             dz2.view());
    ASSERT_TRUE(same_bits(dgain, dgain2) && same_bits(dshift, dshift2));
    ASSERT_TRUE(same_bits(dz, dz2));
    in_place = dn;
    fast.batch_norm_backward(in_place.view(), xhat.view(), gain.data(), inverse.data(), dgain2.data(), dshift2.data(),
                             in_place.view());
    ASSERT_TRUE(same_rows(dz.view(), in_place.view()));
  }
}

TEST_P(KernelSet, LayerNorm) {
  for (int i = 0; i < kCases; i++) {
    const int rows = size(), width = size();
    const Activation f = activation();
    SCOPED_TRACE(::testing::Message() << rows << " x " << width);
    const PanelMatrix z = random_matrix(random, rows, width), dn = random_matrix(random, rows, width);
    const AlignedFloats gain = random_vector(random, width), shift = random_vector(random, width);
    AlignedFloats inverse = marked_floats(rows), inverse2 = inverse;
    PanelMatrix xhat = marked_matrix(rows, width), y = xhat, xhat2 = xhat, y2 = xhat, in_place = z, dz = xhat,
                dz2 = xhat;

    plain.layer_norm_forward(z.view(), gain.data(), shift.data(), f, inverse.data(), xhat.view(), y.view());
    fast.layer_norm_forward(z.view(), gain.data(), shift.data(), f, inverse2.data(), xhat2.view(), y2.view());
    ASSERT_TRUE(same_bits(inverse, inverse2));
    ASSERT_TRUE(same_bits(xhat, xhat2));
    ASSERT_TRUE(same_bits(y, y2));
    ASSERT_TRUE(padding_is_zero(xhat2.view()) && padding_is_zero(y2.view()));
    fast.layer_norm_forward(in_place.view(), gain.data(), shift.data(), f, inverse2.data(), xhat2.view(),
                            in_place.view());
    ASSERT_TRUE(same_rows(y.view(), in_place.view()));

    plain.layer_norm_backward(dn.view(), xhat.view(), gain.data(), inverse.data(), dz.view());
    fast.layer_norm_backward(dn.view(), xhat.view(), gain.data(), inverse.data(), dz2.view());
    ASSERT_TRUE(same_bits(dz, dz2));
    ASSERT_TRUE(padding_is_zero(dz2.view()));
    in_place = dn;
    fast.layer_norm_backward(in_place.view(), xhat.view(), gain.data(), inverse.data(), in_place.view());
    ASSERT_TRUE(same_rows(dz.view(), in_place.view()));
  }
}

}  // namespace
}  // namespace ddpg
