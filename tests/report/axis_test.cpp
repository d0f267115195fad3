#include "report/axis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "report/chart.h"
#include "report/numbers.h"

namespace ddpg {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> labels(const Axis& axis) {
  std::vector<std::string> all;
  for (const Tick& tick : axis.ticks) all.push_back(tick.label);
  return all;
}

TEST(Axis, HasTicksAtRoundNumbers) {
  EXPECT_THAT(labels(linear_axis(-1'623, -88, 3)), ElementsAre("\u22121,500", "\u22121,000", "\u2212500"));
  EXPECT_THAT(labels(linear_axis(0, 0.42, 4)), ElementsAre("0", "0.1", "0.2", "0.3", "0.4"));
  EXPECT_THAT(labels(step_axis(0, 20'000, 4)), ElementsAre("0", "5k", "10k", "15k", "20k"));
  EXPECT_THAT(labels(step_axis(0, 1'000'000, 4)), ElementsAre("0", "0.2M", "0.4M", "0.6M", "0.8M", "1M"));
  EXPECT_THAT(labels(logarithmic_axis(0.05, 2'000, 5)), ElementsAre("0.1", "1", "10", "100", "1,000"));
}

TEST(Axis, PlacesWhatItShowsBetween0And1) {
  const Axis linear = linear_axis(-10, 30, 4), logarithmic = logarithmic_axis(1, 100, 4);
  EXPECT_EQ(linear.share(-10), 0);
  EXPECT_EQ(linear.share(30), 1);
  EXPECT_DOUBLE_EQ(logarithmic.share(10), 0.5);
}

// Whatever stands in a file, an axis stays finite, in order, and has few ticks.
TEST(Axis, HoldsForAnyNumbers) {
  const double numbers[] = {
      0, -0.0, 1, -1, 1e-300, 1e300, -1e300, 5e-324, 1e15 + 1, 1e15, std::numeric_limits<double>::max()};
  for (double low : numbers) {
    for (double high : numbers) {
      for (const Axis& axis : {linear_axis(low, high, 5), step_axis(low, high, 5), logarithmic_axis(low, high, 5)}) {
        EXPECT_LT(axis.low, axis.high) << low << " " << high;
        EXPECT_TRUE(std::isfinite(axis.low) && std::isfinite(axis.high));
        EXPECT_LE(axis.ticks.size(), 16u) << low << " " << high;
        for (const Tick& tick : axis.ticks)
          EXPECT_TRUE(std::isfinite(axis.share(tick.value))) << low << " " << high << " " << tick.value;
      }
    }
  }
}

// "-10" is 2.11 letters wide in DejaVu Sans, whose minus is wider than its digits.
TEST(Chart, LeavesRoomForTheNumbersBesideTheAxis) {
  ChartLine line;
  line.x = {0, 1};
  line.y = {-14.5, -3};
  Chart chart;
  chart.lines = {line};
  Plot plot;
  const Figure figure = laid_out(chart, {.width = 1'920, .height = 1'200, .letters = 40}, plot);
  const auto number = std::ranges::find(figure.marks, "\u221210", &Mark::text);
  ASSERT_NE(number, figure.marks.end());
  EXPECT_GE(number->points.front().x, 2.11 * 40);
}

TEST(Numbers, AreReadable) {
  EXPECT_EQ(readable(-1'482.3), "\u22121,482");
  EXPECT_EQ(readable(147.25), "147.2");
  EXPECT_EQ(readable(3.14159), "3.142");
  EXPECT_EQ(readable(0.01234), "0.0123");
  EXPECT_EQ(readable(1.2e-7), "1.20e-07");
  EXPECT_EQ(readable(NAN), "\u2013");
  EXPECT_EQ(readable(-INFINITY), "\u2212\u221e");
  EXPECT_EQ(with_decimals(-0.001, 1), "0.0");
  EXPECT_EQ(with_decimals(1'234'567, 0), "1,234,567");
  EXPECT_EQ(short_count(1'500'000), "1.5M");
  EXPECT_EQ(per_cent(0.123), "12 %");
}

}  // namespace
}  // namespace ddpg
