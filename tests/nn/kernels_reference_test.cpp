// The reference kernels against the formulas they stand for, in double precision. A sum of n terms in float differs
// from the exact one by at most about n 2^-24 times the sum of the terms' magnitudes; the tests allow that and no more.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "nn/kernels.h"
#include "nn/random_panels.h"

namespace ddpg {
namespace {

using testing::marked_floats;
using testing::marked_matrix;
using testing::random_floats;
using testing::random_matrix;
using testing::random_vector;
using testing::random_weights;

const Kernels& kernels = reference_kernels();

// A sum in double, and how far the float one may be from it.
struct ExactSum {
  double sum = 0, magnitude = 0;
  int terms = 0;

  void add(double term) {
    sum += term;
    magnitude += std::fabs(term);
    terms++;
  }
  ::testing::AssertionResult matches(float found) const {
    const double bound = (terms + 1) * 0x1p-24 * magnitude + 1e-44;  // at least the smallest denormal number
    if (std::fabs(found - sum) <= bound) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << "expected " << sum << " +- " << bound << ", found " << found;
  }
};

// Element (n, k) of weights as kernels.h describes them.
float weight(const AlignedFloats& weights, int in0, int in1, int out, int n, int k) {
  const int at = out == 1 ? (k < in0 ? k : padded(in0) + k - in0) : n / 16 * (in0 + in1) * 16 + k * 16 + n % 16;
  return weights[static_cast<std::size_t>(at)];
}

struct Sizes {
  int rows, in0, in1, out;
};
constexpr Sizes kSizes[] = {{1, 1, 0, 1}, {5, 3, 0, 1},   {7, 17, 6, 1},  {3, 40, 16, 1},
                            {4, 3, 2, 5}, {9, 16, 0, 16}, {2, 64, 3, 17}, {33, 20, 6, 40}};

TEST(ReferenceKernels, DenseForwardIsTheMatrixProduct) {
  RandomStream random(2, "reference");
  for (const auto& [rows, in0, in1, out] : kSizes) {
    const PanelMatrix x0 = random_matrix(random, rows, in0), x1 = random_matrix(random, rows, in1);
    const AlignedFloats weights = random_weights(random, in0, in1, out), bias = random_vector(random, out);
    PanelMatrix y(rows, out);
    kernels.dense_forward(x0.view(), in1 ? x1.view() : ConstPanels{}, weights.data(), bias.data(), Activation::linear,
                          y.view());
    for (int r = 0; r < rows; r++)
      for (int n = 0; n < out; n++) {
        ExactSum sum;
        sum.add(bias[static_cast<std::size_t>(n)]);
        for (int k = 0; k < in0 + in1; k++)
          sum.add(static_cast<double>(k < in0 ? x0.view().at(r, k) : x1.view().at(r, k - in0)) *
                  weight(weights, in0, in1, out, n, k));
        ASSERT_TRUE(sum.matches(y.view().at(r, n))) << r << ", " << n << " of " << out;
      }
  }
}

// dx = dz W, with the transposed copy that transpose_weights makes.
TEST(ReferenceKernels, DenseBackwardInputIsTheProductWithTheWeights) {
  RandomStream random(3, "reference");
  for (const auto& [rows, in0, in1, out] : kSizes) {
    const PanelMatrix dz = random_matrix(random, rows, out);
    const AlignedFloats weights = random_weights(random, in0, in1, out);
    for (const auto& [first, in] : {std::pair{0, in0}, {in0, in1}}) {
      if (in == 0) continue;
      AlignedFloats transposed = marked_floats(panels_of(in) * out * kPanel);
      if (out > 1)
        kernels.transpose_weights(weights.data(), (in0 + in1) * kPanel, first, in, out, transposed.data());
      else  // they are their own
        std::copy_n(weights.begin() + padded(first), padded(in), transposed.begin());
      PanelMatrix dx(rows, in);
      kernels.dense_backward_input(dz.view(), transposed.data(), Activation::linear, {}, dx.view());
      for (int r = 0; r < rows; r++)
        for (int k = 0; k < in; k++) {
          ExactSum sum;
          for (int n = 0; n < out; n++)
            sum.add(static_cast<double>(dz.view().at(r, n)) * weight(weights, in0, in1, out, n, first + k));
          ASSERT_TRUE(sum.matches(dx.view().at(r, k))) << r << ", " << first + k;
        }
    }
  }
}

TEST(ReferenceKernels, DenseBackwardWeightsIsTheProductOverTheRows) {
  RandomStream random(4, "reference");
  for (const auto& [rows, in, unused, out] : kSizes) {
    const PanelMatrix x = random_matrix(random, rows, in), dz = random_matrix(random, rows, out);
    AlignedFloats gradient = marked_floats(panels_of(out) * in * kPanel), sums = marked_floats(padded(out));
    kernels.dense_backward_weights(x.view(), dz.view(), gradient.data(), in * kPanel);
    kernels.column_sums(dz.view(), sums.data());
    for (int n = 0; n < out; n++) {
      ExactSum column;
      for (int r = 0; r < rows; r++) column.add(dz.view().at(r, n));
      ASSERT_TRUE(column.matches(sums[static_cast<std::size_t>(n)]));
      for (int k = 0; k < in; k++) {
        ExactSum sum;
        for (int r = 0; r < rows; r++) sum.add(static_cast<double>(x.view().at(r, k)) * dz.view().at(r, n));
        ASSERT_TRUE(sum.matches(gradient[static_cast<std::size_t>(n / 16 * in * 16 + k * 16 + n % 16)]))
            << n << ", " << k;
      }
    }
  }
}

TEST(ReferenceKernels, SumsOfProductsAndSquares) {
  RandomStream random(5, "reference");
  const PanelMatrix a = random_matrix(random, 37, 19), b = random_matrix(random, 37, 19);
  AlignedFloats sums = marked_floats(32);
  kernels.column_products(a.view(), b.view(), sums.data());
  for (int c = 0; c < 19; c++) {
    ExactSum sum;
    for (int r = 0; r < 37; r++) sum.add(static_cast<double>(a.view().at(r, c)) * b.view().at(r, c));
    EXPECT_TRUE(sum.matches(sums[static_cast<std::size_t>(c)]));
  }
  const AlignedFloats x = random_floats(random, 160);
  ExactSum squares;
  for (float value : x) squares.add(static_cast<double>(value) * value);
  EXPECT_TRUE(squares.matches(kernels.sum_of_squares(x.data(), x.size())));
}

// Along columns (batch norm) or rows (layer norm): mean 0, variance 1, then gain and shift.
TEST(ReferenceKernels, NormalisationsAreTheirFormulas) {
  constexpr int kRows = 21, kWidth = 19;
  constexpr double kTolerance = 40 * 0x1p-24 * 4;  // sums of about 20 terms of magnitude up to about 4
  RandomStream random(6, "reference");
  const PanelMatrix z = random_matrix(random, kRows, kWidth);
  const AlignedFloats gain = random_vector(random, kWidth), shift = random_vector(random, kWidth);
  AlignedFloats mean(32), variance(32), inverse(32), row_inverse(kRows);
  PanelMatrix xhat(kRows, kWidth), y = xhat, running = xhat, row_xhat = xhat, row_y = xhat;
  kernels.batch_norm_forward(z.view(), gain.data(), shift.data(), Activation::linear, mean.data(), variance.data(),
                             inverse.data(), xhat.view(), y.view());
  kernels.batch_norm_inference(z.view(), gain.data(), shift.data(), mean.data(), variance.data(), Activation::linear,
                               running.view());
  kernels.layer_norm_forward(z.view(), gain.data(), shift.data(), Activation::linear, row_inverse.data(),
                             row_xhat.view(), row_y.view());

  const auto check = [&](bool column, int index, auto&& each) {
    const int count = column ? kRows : kWidth;
    const auto value = [&](int i) {
      return static_cast<double>(column ? z.view().at(i, index) : z.view().at(index, i));
    };
    double average = 0, spread = 0;
    for (int i = 0; i < count; i++) average += value(i) / count;
    for (int i = 0; i < count; i++) spread += (value(i) - average) * (value(i) - average) / count;
    for (int i = 0; i < count; i++) each(i, (value(i) - average) / std::sqrt(spread + 1e-5));
    return std::pair{average, spread};
  };
  const auto affine = [&](int c, double x) {
    return gain[static_cast<std::size_t>(c)] * x + shift[static_cast<std::size_t>(c)];
  };
  for (int c = 0; c < kWidth; c++) {
    const auto [average, spread] = check(true, c, [&](int r, double x) {
      EXPECT_NEAR(xhat.view().at(r, c), x, kTolerance);
      EXPECT_NEAR(y.view().at(r, c), affine(c, x), 2 * kTolerance);
      EXPECT_NEAR(running.view().at(r, c), affine(c, x), 2 * kTolerance);
    });
    EXPECT_NEAR(mean[static_cast<std::size_t>(c)], average, kTolerance);
    EXPECT_NEAR(variance[static_cast<std::size_t>(c)], spread, kTolerance);
  }
  for (int r = 0; r < kRows; r++)
    check(false, r, [&](int c, double x) {
      EXPECT_NEAR(row_xhat.view().at(r, c), x, kTolerance);
      EXPECT_NEAR(row_y.view().at(r, c), affine(c, x), 2 * kTolerance);
    });
}

// The largest error of activation(x) in units of the exact value's last place, for x from 1e-10 to 100 with the given
// sign.
template <class Exact>
double largest_error(Activation activation, double sign, Exact exact) {
  constexpr int kPoints = 100'000;
  PanelMatrix x(kPoints, 1), y(kPoints, 1);
  for (int i = 0; i < kPoints; i++)
    x.view().at(i, 0) = static_cast<float>(sign * std::pow(10.0, -10 + 12.0 * i / kPoints));
  AlignedFloats one(kPanel);
  one[0] = 1;
  kernels.dense_forward(x.view(), {}, one.data(), nullptr, activation, y.view());
  double largest = 0;
  for (int i = 0; i < kPoints; i++) {
    const double right = exact(static_cast<double>(x.view().at(i, 0)));
    const double ulp = std::ldexp(1.0, std::ilogb(right) - 23);
    largest = std::max(largest, std::fabs(y.view().at(i, 0) - right) / ulp);
  }
  return largest;
}

TEST(ReferenceKernels, TanhAndEluAreExactToAFewUnitsInTheLastPlace) {
  const auto tanh = [](double x) { return std::tanh(x); };
  const auto expm1 = [](double x) { return std::expm1(x); };
  EXPECT_LT(largest_error(Activation::tanh, 1, tanh), 3.0);
  EXPECT_LT(largest_error(Activation::tanh, -1, tanh), 3.0);
  EXPECT_LT(largest_error(Activation::elu, -1, expm1), 2.0);
  EXPECT_EQ(largest_error(Activation::elu, 1, [](double x) { return x; }), 0.0);
}

}  // namespace
}  // namespace ddpg
