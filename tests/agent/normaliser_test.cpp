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
  normaliser.update(std::vector<double>{3, 10});  // mean 2 and 10; deviation 1, and 10 for what never changed
  PanelMatrix matrix(3, 2);
  const Panels rows = matrix.view();
  const double given[3][2] = {{2.5, 10}, {4, 10.001}, {-100, 9}};
  const float expected[3][2] = {{0.5f, 0.0f}, {1.5f, 1e-4f}, {-1.5f, -0.1f}};
  for (int r = 0; r < 3; r++) {
    normaliser.apply(given[r], rows.block(r, r + 1));
    for (int c = 0; c < 2; c++) EXPECT_FLOAT_EQ(rows.at(r, c), expected[r][c]) << r << ", " << c;
    for (int lane = 2; lane < kPanel; lane++) EXPECT_EQ(rows.row(0, r)[lane], 0.0f);
  }
  EXPECT_EQ(normaliser.mean(), (std::vector<double>{2, 10}));  // applying takes nothing in
}

// As features and as the replay buffer keeps them, in floats.
std::vector<float> normalised(Normaliser& normaliser, double x, bool through_replay) {
  PanelMatrix matrix(1, 1);
  if (through_replay) {
    matrix.view().at(0, 0) = static_cast<float>(normaliser.from_origin({&x, 1})[0]);
    normaliser.apply_from_origin(matrix.view());
  } else {
    normaliser.apply({&x, 1}, matrix.view());
  }
  return {matrix.view().at(0, 0)};
}

// Of whatever unit and wherever their zero lies, the same observations become the same numbers.
TEST(Normaliser, TheUnitAndTheZeroOfAFeatureDoNotMatter) {
  struct Unit {
    double scale, offset, tolerance;
  };
  for (const Unit& unit : {Unit{1, 0, 0}, Unit{1e-6, 0, 1e-6}, Unit{1e6, 0, 1e-6}, Unit{1, 1e6, 1e-6},
                           Unit{1, -1e8, 2e-6}, Unit{1e-6, 1, 1e-6}, Unit{1e-30, 0, 1e-6}, Unit{1e30, 0, 1e-6}}) {
    RandomStream random(0);
    Normaliser plain(1, 5), other(1, 5);
    for (int i = 0; i < 100; i++) {
      const double x = random.normal(), given = unit.scale * x + unit.offset;
      plain.update({&x, 1});
      other.update({&given, 1});
    }
    for (int i = 0; i < 100; i++) {
      const double x = random.normal(), given = unit.scale * x + unit.offset;
      const float expected = normalised(plain, x, false)[0];
      for (const bool through_replay : {false, true})
        EXPECT_NEAR(normalised(other, given, through_replay)[0], expected, through_replay ? 2e-6 : unit.tolerance)
            << "unit " << unit.scale << ", zero " << unit.offset << (through_replay ? ", from the replay buffer" : "");
    }
  }
}

// Whatever lies far from the others, the first observation too: what a float loses stays small.
TEST(Normaliser, AFirstObservationFarFromTheOthersDoesLittleHarm) {
  Normaliser normaliser(1, 5);
  const double far = 1e7;
  normaliser.update({&far, 1});
  RandomStream random(0);
  for (int i = 0; i < 10'000; i++) {
    const double x = random.normal();
    normaliser.update({&x, 1});
  }
  for (const double x : {-2.0, 0.3, 1.7, 1e5})
    EXPECT_NEAR(normalised(normaliser, x, true)[0], normalised(normaliser, x, false)[0], 1e-5);
}

TEST(Normaliser, RoundingIsNoChange) {
  Normaliser normaliser(2, 5);
  RandomStream random(0);
  for (int i = 0; i < 1'000; i++) {
    const double angle = random.uniform(-3, 3), sine = std::sin(angle), cosine = std::cos(angle);
    normaliser.update(std::vector<double>{sine * sine + cosine * cosine, 0});
  }
  EXPECT_NEAR(normaliser.deviation()[0], 1, 1e-12);
  EXPECT_EQ(normaliser.deviation()[1], 1);
}

TEST(Normaliser, HasUnitDeviationBeforeTheSecondObservation) {
  Normaliser normaliser(1, 5);
  EXPECT_EQ(normaliser.deviation()[0], 1);
  normaliser.update(std::vector<double>{7});
  EXPECT_EQ(normaliser.mean()[0], 7);
  EXPECT_EQ(normaliser.deviation()[0], 1);
}

// Of before there was an origin: what the replay buffer holds are observations as they are.
TEST(Normaliser, IsRestoredWithoutAnOrigin) {
  Normaliser normaliser(1, 5);
  for (const double x : {3.0, 5.0}) normaliser.update({&x, 1});
  Snapshot saved;
  normaliser.exchange(saved);
  std::vector<SnapshotPart> parts = saved.parts();
  std::erase_if(parts, [](const SnapshotPart& part) { return part.name == "origin"; });
  for (const bool has_origin : {true, false}) {
    Snapshot state(has_origin ? saved.parts() : parts, "x");
    Normaliser restored(1, 5);
    const double other = 100;
    restored.update({&other, 1});
    restored.exchange(state);
    EXPECT_EQ(restored.mean()[0], 4);
    EXPECT_EQ(restored.origin()[0], has_origin ? 3 : 0);
  }
}

}  // namespace
}  // namespace ddpg
