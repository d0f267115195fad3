// Running statistics against two passes over all observations.
#include "agent/normaliser.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ddpg/random.h"

namespace ddpg {
namespace {

std::vector<std::vector<double>> observations(int count) {
  RandomStream random(0);
  std::vector<std::vector<double>> all;
  for (int i = 0; i < count; i++)
    all.push_back({1e6 + random.normal(), -3 + 0.01 * random.normal(), random.uniform(-20, 20)});
  return all;
}

TEST(Normaliser, AgreesWithTwoPasses) {
  for (const int count : {2, 3, 1'000}) {
    const auto all = observations(count);
    Normaliser normaliser(3, 5);
    for (const auto& observation : all) normaliser.update(observation);
    for (std::size_t i = 0; i < 3; i++) {
      double mean = 0, variance = 0;
      for (const auto& observation : all) mean += observation[i] / count;
      for (const auto& observation : all) variance += (observation[i] - mean) * (observation[i] - mean) / count;
      EXPECT_NEAR(normaliser.mean()[i], mean, 1e-9 * std::fabs(mean));
      EXPECT_NEAR(normaliser.deviation()[i], std::sqrt(variance), 1e-6 * std::sqrt(variance));
    }
  }
}

TEST(Normaliser, AppliesWithItsStatisticsAndCuts) {
  Normaliser normaliser(2, 1.5);
  normaliser.update(std::vector<double>{1, 10});
  normaliser.update(std::vector<double>{3, 10});  // mean 2 and 10, deviation 1 and, at the least, 1e-4
  PanelMatrix matrix(3, 2);
  const Panels rows = matrix.view();
  const float given[3][2] = {{2.5f, 10.0f}, {4.0f, 10.001f}, {-100.0f, 9.0f}};
  for (int r = 0; r < 3; r++)
    for (int c = 0; c < 2; c++) rows.at(r, c) = given[r][c];
  normaliser.apply(rows);
  EXPECT_EQ(rows.at(0, 0), 0.5f);
  EXPECT_EQ(rows.at(1, 0), 1.5f);
  EXPECT_EQ(rows.at(2, 0), -1.5f);
  EXPECT_EQ(rows.at(0, 1), 0.0f);
  EXPECT_EQ(rows.at(1, 1), 1.5f);
  EXPECT_EQ(rows.at(2, 1), -1.5f);
  for (int r = 0; r < 3; r++)
    for (int lane = 2; lane < kPanel; lane++) EXPECT_EQ(rows.row(0, r)[lane], 0.0f);
  EXPECT_EQ(normaliser.mean(), (std::vector<double>{2, 10}));  // applying takes nothing in
}

TEST(Normaliser, HasUnitDeviationBeforeTheSecondObservation) {
  Normaliser normaliser(1, 5);
  EXPECT_EQ(normaliser.deviation()[0], 1);
  normaliser.update(std::vector<double>{7});
  EXPECT_EQ(normaliser.mean()[0], 7);
  EXPECT_EQ(normaliser.deviation()[0], 1);
}

}  // namespace
}  // namespace ddpg
