// Distributions over values: the laws that the projection keeps, and every set of kernels against the plain loops.
#include "nn/distributions.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "nn/random_panels.h"

namespace ddpg {
namespace {

using testing::marked_floats;
using testing::marked_matrix;
using testing::padding_is_zero;
using testing::random_matrix;
using testing::random_vector;
using testing::same_bits;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// Rows of probabilities.
PanelMatrix probabilities(const PanelMatrix& logits) {
  PanelMatrix p = marked_matrix(logits.view().rows, logits.view().width);
  std::vector<float> ignored(static_cast<std::size_t>(logits.view().rows));
  reference_softmax(logits.view(), p.view(), ignored.data());
  return p;
}

double mass_of(ConstPanels p, int row) {
  double sum = 0;
  for (int c = 0; c < p.width; c++) sum += p.at(row, c);
  return sum;
}

double mean_of(ConstPanels p, int row, Support support) {
  double sum = 0;
  for (int c = 0; c < p.width; c++) sum += p.at(row, c) * (support.low + support.step * static_cast<float>(c));
  return sum;
}

TEST(Distributions, SoftmaxIsThatOfTheBooks) {
  RandomStream random(1, "softmax");
  const PanelMatrix logits = random_matrix(random, 40, 51);
  PanelMatrix p(40, 51);
  std::vector<float> sums(40);
  reference_softmax(logits.view(), p.view(), sums.data());
  for (int r = 0; r < 40; r++) {
    double sum = 0;
    for (int c = 0; c < 51; c++) sum += std::exp(static_cast<double>(logits.view().at(r, c)));
    EXPECT_NEAR(sums[static_cast<std::size_t>(r)], std::log(sum), 1e-6);
    for (int c = 0; c < 51; c++) EXPECT_NEAR(p.view().at(r, c), std::exp(logits.view().at(r, c)) / sum, 1e-7);
    EXPECT_NEAR(mass_of(p.view(), r), 1, 1e-6);
  }
}

TEST(Distributions, SoftmaxOfHugeLogitsIsFiniteAndNanIsFound) {
  PanelMatrix logits(3, 3), p(3, 3);
  std::vector<float> sums(3);
  logits.view().at(0, 1) = 3e38f;
  logits.view().at(1, 2) = -3e38f;
  logits.view().at(2, 1) = kNan;
  reference_softmax(logits.view(), p.view(), sums.data());
  EXPECT_EQ(p.view().at(0, 1), 1);
  EXPECT_EQ(p.view().at(1, 0), 0.5f);
  EXPECT_LT(p.view().at(1, 2), 1e-30f);
  for (int c = 0; c < 3; c++) EXPECT_TRUE(std::isnan(p.view().at(2, c)));
}

// Mass is 1 whatever happens; the mean is that of reward + discount z as long as nothing lies beyond the ends.
TEST(Distributions, ProjectionKeepsMassAndMean) {
  RandomStream random(2, "project");
  for (const int atoms : {2, 11, 51, 101}) {
    const Support support{-10, 20.0f / static_cast<float>(atoms - 1)};
    const int rows = 200;
    const PanelMatrix p = probabilities(random_matrix(random, rows, atoms));
    std::vector<float> reward(rows), discount(rows);
    for (float& x : reward) x = static_cast<float>(random.uniform(-1, 1));
    for (float& x : discount) x = static_cast<float>(random.uniform(0, 0.9));
    discount[0] = 0;
    PanelMatrix y = marked_matrix(rows, atoms);
    reference_project(p.view(), reward.data(), discount.data(), support, y.view());
    for (int r = 0; r < rows; r++) {
      const auto i = static_cast<std::size_t>(r);
      EXPECT_NEAR(mass_of(y.view(), r), 1, 2e-6) << atoms;
      EXPECT_NEAR(mean_of(y.view(), r, support), reward[i] + discount[i] * mean_of(p.view(), r, support), 2e-5)
          << atoms;
      for (int c = 0; c < atoms; c++) EXPECT_GE(y.view().at(r, c), 0);
    }
  }
}

// A reward that ends the episode and lies on an atom: all of the mass goes there, and once. (An implementation that
// took the atoms below and above alike gave it twice.)
TEST(Distributions, WhatLiesOnAnAtomStaysWhole) {
  const Support support{-3, 0.5f};
  const PanelMatrix p = probabilities(PanelMatrix(13, 13));
  std::vector<float> reward(13), discount(13, 0.0f);
  for (int r = 0; r < 13; r++) reward[static_cast<std::size_t>(r)] = -3 + 0.5f * static_cast<float>(r);
  PanelMatrix y(13, 13);
  reference_project(p.view(), reward.data(), discount.data(), support, y.view());
  for (int r = 0; r < 13; r++)
    for (int c = 0; c < 13; c++) EXPECT_NEAR(y.view().at(r, c), r == c ? 1 : 0, 1e-6) << r << " " << c;
  // and where nothing moves, nothing changes
  std::vector<float> none(13, 0.0f), whole(13, 1.0f);
  reference_project(p.view(), none.data(), whole.data(), support, y.view());
  for (int c = 0; c < 13; c++) EXPECT_NEAR(y.view().at(4, c), 1.0 / 13, 1e-6);
}

TEST(Distributions, WhatLiesBeyondTheEndsMovesThere) {
  const Support support{-1, 1};
  const PanelMatrix p = probabilities(PanelMatrix(3, 3));
  const std::vector<float> reward{100, -100, kNan}, discount{0.5f, 1, 1};
  PanelMatrix y(3, 3);
  reference_project(p.view(), reward.data(), discount.data(), support, y.view());
  EXPECT_NEAR(y.view().at(0, 2), 1, 1e-6);
  EXPECT_NEAR(y.view().at(1, 0), 1, 1e-6);
  EXPECT_TRUE(std::isnan(y.view().at(2, 1))) << "to be found later on, not lost";
}

TEST(Distributions, AllKernelsGiveTheSameBits) {
  RandomStream random(3, "kernels");
  for (const Kernels* kernels : available_kernels())
    for (int i = 0; i < 60; i++) {
      constexpr int kAtoms[] = {2, 15, 16, 17, 32, 51, 101};
      const int atoms = kAtoms[random.below(std::size(kAtoms))], rows = 1 + static_cast<int>(random.below(40));
      SCOPED_TRACE(::testing::Message() << kernels->name << ", " << rows << " x " << atoms);
      const Support support{-3, 0.31f};
      const PanelMatrix logits = random_matrix(random, rows, atoms);
      PanelMatrix p = marked_matrix(rows, atoms), p2 = p, y = p, y2 = p, d = p, d2 = p;
      AlignedFloats sums = marked_floats(padded(rows)), sums2 = sums, values = sums, values2 = sums;
      const AlignedFloats reward = random_vector(random, rows), weight = random_vector(random, rows);
      AlignedFloats discount = random_vector(random, rows);
      reference_softmax(logits.view(), p.view(), sums.data());
      kernels->softmax(logits.view(), p2.view(), sums2.data());
      ASSERT_TRUE(same_bits(p, p2));
      ASSERT_TRUE(same_bits(sums, sums2));
      reference_expectations(p.view(), support, values.data());
      kernels->expectations(p.view(), support, values2.data());
      ASSERT_TRUE(same_bits(values, values2));
      reference_project(p.view(), reward.data(), discount.data(), support, y.view());
      kernels->project(p.view(), reward.data(), discount.data(), support, y2.view());
      ASSERT_TRUE(same_bits(y, y2));
      const double loss =
          reference_cross_entropy(logits.view(), p.view(), sums.data(), y.view(), weight.data(), d.view());
      EXPECT_EQ(kernels->cross_entropy(logits.view(), p.view(), sums.data(), y.view(), weight.data(), d2.view()), loss);
      ASSERT_TRUE(same_bits(d, d2));
      ASSERT_TRUE(padding_is_zero(d2.view()) && padding_is_zero(y2.view()) && padding_is_zero(p2.view()));
      reference_ascend_expectation(p.view(), values.data(), support, d.view());
      kernels->ascend_expectation(p.view(), values.data(), support, d2.view());
      ASSERT_TRUE(same_bits(d, d2));
    }
}

}  // namespace
}  // namespace ddpg
