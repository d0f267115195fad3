// Every set of kernels against the reference, on random shapes: the same bits, padding included. That the reference
// itself is right is the matter of kernels_reference_test.cpp and gradient_test.cpp.
#include "nn/kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <limits>
#include <string>

#include "nn/random_panels.h"

namespace ddpg {

// What a parameter is called in test names; found by gtest.
void PrintTo(const Kernels* kernels, std::ostream* out) {
  *out << kernels->name;
}

namespace {

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

constexpr Activation kActivations[] = {Activation::linear, Activation::relu, Activation::tanh, Activation::elu};

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

class KernelSet : public ::testing::TestWithParam<const Kernels*> {
 protected:
  // 1 to 70, every other time one where tiles and panels begin or end
  int size() {
    constexpr int kEdges[] = {1, 3, 6, 16, 17, 48, 64};
    return random.below(2) ? kEdges[random.below(std::size(kEdges))] : 1 + static_cast<int>(random.below(70));
  }
  Activation activation() { return kActivations[random.below(std::size(kActivations))]; }

  static constexpr int kCases = 150;
  const Kernels& fast = *GetParam();
  const Kernels& plain = reference_kernels();
  RandomStream random{1, "kernels"};
};

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

TEST_P(KernelSet, ScalarLoss) {
  for (int i = 0; i < kCases; i++)
    for (const Loss loss : {Loss::squared_error, Loss::huber}) {
      const int rows = size();
      const PanelMatrix q = random_matrix(random, rows, 1), y = random_matrix(random, rows, 1);
      const AlignedFloats weight = random_vector(random, rows);
      AlignedFloats errors = marked_floats(padded(rows)), errors2 = errors;
      PanelMatrix dq = marked_matrix(rows, 1), dq2 = dq;
      const double sum = plain.scalar_loss(loss, q.view(), y.view(), weight.data(), errors.data(), dq.view());
      EXPECT_EQ(fast.scalar_loss(loss, q.view(), y.view(), weight.data(), errors2.data(), dq2.view()), sum);
      ASSERT_TRUE(same_bits(errors, errors2)) << rows;
      ASSERT_TRUE(same_bits(dq, dq2)) << rows;
    }
}

// Where Huber's loss bends, and what is no number: that is to be found later on, not lost.
TEST_P(KernelSet, SpecialValuesOfLosses) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity(), kNan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> e{0.0f, -0.0f, 0.5f, -0.5f, 1.0f, -1.0f, 1.5f, -1.5f, 3e38f, -3e38f, kInfinity, -kInfinity};
  const std::vector<float> huber{0, 0, 0.5f, -0.5f, 1, -1, 1, -1, 1, -1, 1, -1};
  const int rows = static_cast<int>(e.size());
  PanelMatrix q(rows, 1), y(rows, 1), dq(rows, 1);
  std::vector<float> weight(e.size(), static_cast<float>(rows)), errors(e.size());
  for (int r = 0; r < rows; r++) q.view().at(r, 0) = e[static_cast<std::size_t>(r)];
  EXPECT_EQ(fast.scalar_loss(Loss::huber, q.view(), y.view(), weight.data(), errors.data(), dq.view()), kInfinity);
  for (int r = 0; r < rows; r++) EXPECT_EQ(dq.view().at(r, 0), huber[static_cast<std::size_t>(r)]) << r;
  fast.scalar_loss(Loss::squared_error, q.view(), y.view(), weight.data(), errors.data(), dq.view());
  for (int r = 0; r < rows; r++) EXPECT_EQ(dq.view().at(r, 0), 2 * e[static_cast<std::size_t>(r)]) << r;
  q.view().at(3, 0) = kNan;
  for (const Loss loss : {Loss::squared_error, Loss::huber}) {
    EXPECT_TRUE(std::isnan(fast.scalar_loss(loss, q.view(), y.view(), weight.data(), errors.data(), dq.view())));
    EXPECT_TRUE(std::isnan(dq.view().at(3, 0)));
  }
}

// Moments of parameters that get no gradient any more, and gradients of any size, against Adam in double precision: no
// denormal float is left, which is slow on some processors, and no parameter notices.
TEST_P(KernelSet, AdamLeavesNoDenormals) {
  constexpr int kFloats = 4 * kPanel, kSteps = 2000;
  AdamStep step{0.9f, 0.1f, 0.999f, 0.001f, 1e-3f, 1, 1e-8f, 1, 0, 0, 1};
  AlignedFloats gradient(kFloats), w(kFloats), m(kFloats), v(kFloats);
  std::vector<double> exact_w(kFloats), exact_m(kFloats), exact_v(kFloats);
  for (int i = 0; i < kFloats; i++) {
    w[i] = static_cast<float>(random.uniform(-1, 1));
    exact_w[i] = static_cast<double>(w[i]);
    exact_v[i] = static_cast<double>(v[i] = std::pow(10.0f, -0.55f * static_cast<float>(i)));  // to 1e-35
  }
  int gone = 0;
  for (int t = 0; t < kSteps; t++) {
    for (int i = 0; i < kFloats; i++) {
      const double size = std::pow(10.0, random.uniform(-45, 0));
      gradient[i] = i % 2 == 0 && t > 10 ? 0.0f : static_cast<float>(random.uniform(-1, 1) * size);
      const auto g = static_cast<double>(gradient[i]);
      exact_m[i] = 0.9 * exact_m[i] + 0.1 * g;
      exact_v[i] = 0.999 * exact_v[i] + 0.001 * g * g;
      exact_w[i] -= 1e-3 * exact_m[i] / (std::sqrt(exact_v[i]) + 1e-8);
    }
    fast.adam(step, kFloats, gradient.data(), w.data(), m.data(), v.data(), nullptr);
    for (int i = 0; i < kFloats; i++) {
      ASSERT_NE(std::fpclassify(m[i]), FP_SUBNORMAL) << "step " << t << ", parameter " << i;
      ASSERT_NE(std::fpclassify(v[i]), FP_SUBNORMAL) << "step " << t << ", parameter " << i;
      gone += t == kSteps - 1 && m[i] == 0;
    }
  }
  EXPECT_GE(gone, kFloats / 2);
  for (int i = 0; i < kFloats; i++) EXPECT_NEAR(static_cast<double>(w[i]), exact_w[i], 1e-4) << i;
  gradient[3] = std::numeric_limits<float>::quiet_NaN();
  fast.adam(step, kFloats, gradient.data(), w.data(), m.data(), v.data(), nullptr);
  EXPECT_TRUE(std::isnan(w[3]));
  EXPECT_FALSE(std::isnan(w[2]));
}

TEST_P(KernelSet, AdamWithAndWithoutTarget) {
  for (int i = 0; i < kCases; i++) {
    const int floats = kPanel * size();
    const auto fraction = [&] { return static_cast<float>(random.uniform()); };
    AdamStep step{fraction(), fraction(), fraction(), fraction(), fraction(), 1 + fraction(),
                  1e-8f,      fraction(), fraction(), fraction(), fraction(), fraction()};
    const AlignedFloats gradient = random_floats(random, floats);
    AlignedFloats w = random_floats(random, floats), m = random_floats(random, floats),
                  target = random_floats(random, floats);
    AlignedFloats v = random_floats(random, floats);
    for (float& value : v) value = std::fabs(value);
    AlignedFloats w2 = w, m2 = m, v2 = v, target2 = target;
    const bool with_target = random.below(2);
    for (int repeat = 0; repeat < 3; repeat++) {
      plain.adam(step, w.size(), gradient.data(), w.data(), m.data(), v.data(), with_target ? target.data() : nullptr);
      fast.adam(step, w.size(), gradient.data(), w2.data(), m2.data(), v2.data(),
                with_target ? target2.data() : nullptr);
    }
    ASSERT_TRUE(same_bits(w, w2));
    ASSERT_TRUE(same_bits(m, m2) && same_bits(v, v2));
    ASSERT_TRUE(same_bits(target, target2));
  }
}

// activation(x) for each x, through a layer of `width` outputs that all copy their input.
std::vector<float> activated(const Kernels& kernels, Activation activation, const std::vector<float>& values,
                             int width) {
  const int rows = static_cast<int>(values.size());
  PanelMatrix x(rows, 1), y(rows, width);
  for (int r = 0; r < rows; r++) x.view().at(r, 0) = values[static_cast<std::size_t>(r)];
  AlignedFloats ones(kPanel), bias(kPanel);
  for (int n = 0; n < width; n++) ones[static_cast<std::size_t>(n)] = 1.0f;
  for (float& value : bias) value = -0.0f;  // x + -0 is x, its sign included
  kernels.dense_forward(x.view(), {}, ones.data(), bias.data(), activation, y.view());
  std::vector<float> results;
  for (int r = 0; r < rows; r++) results.push_back(y.view().at(r, width - 1));
  return results;
}

TEST_P(KernelSet, SpecialValuesOfActivations) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity(), kNan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> x{0.0f,  -0.0f,  1e-45f, -1e-45f, 1e-38f,    -1e-38f,    1e-7f, -1e-7f,
                             9.9f,  -9.9f,  10.1f,  -10.1f,  29.9f,     -29.9f,     30.1f, -30.1f,
                             88.0f, -88.0f, 1e30f,  -1e30f,  kInfinity, -kInfinity, kNan};
  for (const int width : {1, 3, 16})
    for (const Activation f : kActivations) {
      const std::vector<float> expected = activated(plain, f, x, width), found = activated(fast, f, x, width);
      EXPECT_TRUE(same_bits(expected.data(), found.data(), x.size())) << static_cast<int>(f);
      EXPECT_TRUE(std::isnan(found.back())) << "NaN is to be found later on, not lost";
      EXPECT_EQ(found[0], 0.0f);
      EXPECT_FALSE(std::signbit(found[0]));
      EXPECT_EQ(found[1], 0.0f);
      EXPECT_EQ(found[2], 1e-45f) << "denormal numbers are kept";
      EXPECT_TRUE(width == 1 || f != Activation::linear || std::signbit(found[1]));
      const float limits[] = {found[x.size() - 3], found[x.size() - 2]};
      EXPECT_EQ(limits[0], f == Activation::tanh ? 1.0f : kInfinity);
      EXPECT_EQ(limits[1], f == Activation::linear ? -kInfinity : f == Activation::relu ? 0.0f : -1.0f);
    }
}

}  // namespace
}  // namespace ddpg
