// Every set of kernels against the reference: losses, Adam, and what special values become.
#include <algorithm>
#include <array>
#include <limits>

#include "nn/kernel_set.h"

namespace ddpg {
namespace {

using testing::kActivations;
using testing::KernelSet;
using testing::marked_floats;
using testing::marked_matrix;
using testing::random_floats;
using testing::random_matrix;
using testing::random_vector;
using testing::same_bits;

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
