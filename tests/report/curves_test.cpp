#include "report/curves.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "report/statistics.h"

namespace ddpg {
namespace {

using ::testing::ElementsAre;

TEST(Curves, TakeTheFiniteValuesOfEvaluations) {
  const ProgressTable table = parse_progress(
      "step,evaluation_episodes,evaluation_mean_return\n0,10,-5\n100,0,\n200,10,nan\n300,10,inf\n400,10,-3\n400,10,-"
      "2\n",
      "progress.csv");
  const Curve curve = curve_of(table, "evaluation_mean_return", true);
  EXPECT_THAT(curve.steps, ElementsAre(0, 400));
  EXPECT_THAT(curve.values, ElementsAre(-5, -2));
  EXPECT_TRUE(curve_of(table, "no_such_column").empty());
}

TEST(Curves, AreTakenBetweenNeighboursAndNeverBeyondTheEnds) {
  const Curve curve{{100, 200, 400}, {1, 2, -2}};
  EXPECT_EQ(value_at(curve, 100), 1);
  EXPECT_EQ(value_at(curve, 150), 1.5);
  EXPECT_EQ(value_at(curve, 300), 0);
  EXPECT_EQ(value_at(curve, 400), -2);
  EXPECT_TRUE(std::isnan(value_at(curve, 99)));
  EXPECT_TRUE(std::isnan(value_at(curve, 401)));
}

TEST(Curves, OfDifferentGridsMeetOnAllTheirSteps) {
  const auto points = aggregate({{{0, 100, 200}, {0, 10, 20}}, {{0, 50, 100}, {4, 9, 14}}}, Band::bootstrap);
  ASSERT_EQ(points.size(), 4u);
  EXPECT_EQ(points[1].step, 50);
  EXPECT_EQ(points[1].runs, 2);
  EXPECT_EQ(points[1].mean, 7);  // of 5, between its neighbours, and 9
  EXPECT_EQ(points[1].min, 5);
  EXPECT_EQ(points[1].max, 9);
  EXPECT_EQ(points[3].step, 200);
  EXPECT_EQ(points[3].runs, 1) << "the second run did not come so far";
  EXPECT_EQ(points[3].iqm, 20);
  EXPECT_TRUE(std::isnan(points[3].low)) << "one run has no band";
}

TEST(Curves, HaveTheBandOfTheBootstrap) {
  const std::vector<double> values = {3, 1, 4, 1, 5};
  std::vector<Curve> curves;
  for (double value : values) curves.push_back({{0}, {value}});
  const auto points = aggregate(curves, Band::bootstrap);
  const Interval expected = Bootstrap(5, kCurveRepetitions).interquartile_mean_interval(values);
  EXPECT_EQ(points.front().low, expected.low);
  EXPECT_EQ(points.front().high, expected.high);
  EXPECT_LT(expected.low, points.front().iqm);
  EXPECT_GT(expected.high, points.front().iqm);
}

TEST(Curves, AreThinnedEvenlyWithBothEndsKept) {
  Curve curve;
  for (int i = 0; i <= 1'000; i++) {
    curve.steps.push_back(i);
    curve.values.push_back(i);
  }
  const auto points = aggregate({curve}, Band::none, 11);
  ASSERT_EQ(points.size(), 11u);
  EXPECT_EQ(points[0].step, 0);
  EXPECT_EQ(points[5].step, 500);
  EXPECT_EQ(points[10].step, 1'000);
}

TEST(Curves, OfNothingAreEmpty) {
  EXPECT_TRUE(aggregate({}, Band::bootstrap).empty());
  EXPECT_TRUE(curve_of({}, "step").empty());
}

TEST(Curves, OfThroughputLeaveOutTheWarmUp) {
  const ProgressTable table = parse_progress(
      "step,steps_per_second,updates_per_second\n0,,\n100,5000000,0\n200,2000,2000\n300,2100,2100\n", "progress.csv");
  EXPECT_THAT(throughput_of(table).values, ElementsAre(2000, 2100));
  const ProgressTable old = parse_progress("step,steps_per_second\n100,500\n", "progress.csv");
  EXPECT_THAT(throughput_of(old).values, ElementsAre(500));
}

}  // namespace
}  // namespace ddpg
