// The map from tanh's interval to unequal and asymmetric bounds.
#include "nn/action_bounds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "ddpg/random.h"

namespace ddpg {
namespace {

TEST(ActionBounds, MapsTheIntervalToEachDimensionsBounds) {
  const ActionBounds bounds({-1.0f, -2.0f, 3.0f}, {1.0f, 6.0f, 3.5f});
  EXPECT_EQ(bounds.half_range, (std::vector<float>{1.0f, 4.0f, 0.25f}));
  EXPECT_EQ(bounds.centre, (std::vector<float>{0.0f, 2.0f, 3.25f}));
  for (std::size_t i = 0; i < 3; i++) {
    EXPECT_EQ(bounds.scale(i, -1.0f), bounds.low[i]);
    EXPECT_EQ(bounds.scale(i, 1.0f), bounds.high[i]);
    EXPECT_EQ(bounds.scale(i, 0.0f), bounds.centre[i]);
  }
  EXPECT_EQ(bounds.scale(1, 0.5f), 4.0f);
}

TEST(ActionBounds, NeverLeavesTheBounds) {
  const float low = -0.1f, high = 0.7f;  // neither the centre nor the half-range is exact
  const ActionBounds bounds({low}, {high});
  for (float u = -1.0f; u <= 1.0f; u += 1.0f / 1024) {
    EXPECT_GE(bounds.scale(0, u), low);
    EXPECT_LE(bounds.scale(0, u), high);
  }
  EXPECT_EQ(bounds.clip(0, 5.0f), high);
  EXPECT_EQ(bounds.clip(0, -5.0f), low);
  EXPECT_EQ(bounds.clip(0, 0.25f), 0.25f);
}

TEST(ActionBounds, SpansTheWholeRangeOfFloats) {
  constexpr float kMost = std::numeric_limits<float>::max();
  const ActionBounds bounds({-kMost}, {kMost});
  EXPECT_EQ(bounds.scale(0, -1.0f), -kMost);
  EXPECT_EQ(bounds.scale(0, 1.0f), kMost);
}

TEST(ActionBounds, MapsBackToTheInterval) {
  constexpr float kMost = std::numeric_limits<float>::max();
  const ActionBounds bounds({-1.0f, -2.0f, -0.1f, -kMost, 1e8f}, {1.0f, 6.0f, 0.7f, kMost, 1e8f});
  const float half_ulp = 1.0f / (1 << 23);
  for (std::size_t i = 0; i < 4; i++) {
    EXPECT_NEAR(bounds.unscale(i, bounds.low[i]), -1.0f, half_ulp) << i;
    EXPECT_NEAR(bounds.unscale(i, bounds.high[i]), 1.0f, half_ulp) << i;
    EXPECT_EQ(bounds.unscale(i, bounds.centre[i]), 0.0f) << i;
    for (float u = -1.0f; u <= 1.0f; u += 1.0f / 1024)
      EXPECT_NEAR(bounds.unscale(i, bounds.scale(i, u)), u, 2 * half_ulp) << i;
  }
  EXPECT_EQ(bounds.unscale(4, 1e8f), 0.0f);  // no choice
  EXPECT_EQ(bounds.unscale(1, 1e6f), 1.0f);  // what lies beyond the bounds is taken as on them
}

TEST(ActionBounds, OfPlusMinusOneChangeNoBit) {
  const ActionBounds bounds({-1.0f}, {1.0f});
  RandomStream random(0);
  for (int i = 0; i < 100'000; i++) {
    const float u = std::clamp(static_cast<float>(random.normal() * std::ldexp(1.0, -(i % 30))), -1.0f, 1.0f);
    ASSERT_EQ(bounds.scale(0, u), u);
    ASSERT_EQ(bounds.unscale(0, u), u);
  }
}

// What a replay buffer kept of an action gives one that is kept as the same.
TEST(ActionBounds, AnActionIsFoundAgain) {
  const ActionBounds bounds({-1.0f, -2.0f, 0.0f, -0.1f, 1000.0f, -1e-3f, -7.3f, 1e8f},
                            {1.0f, 2.0f, 3.0f, 0.7f, 1001.0f, 0.9e-3f, 1e6f, 1e8f});
  RandomStream random(1);
  int misses = 0;
  for (std::size_t i = 0; i < bounds.low.size(); i++)
    for (int n = 0; n < 20'000; n++) {
      const double width = static_cast<double>(bounds.high[i]) - static_cast<double>(bounds.low[i]);
      const double beyond = n % 100 == 0 ? width : 0;  // a filter's own
      const auto action = static_cast<float>(random.uniform(bounds.low[i] - beyond, bounds.high[i] + beyond));
      const float near_zero = action * 1e-6f;
      for (const float lived : {action, near_zero, bounds.low[i], bounds.high[i]}) {
        const float u = bounds.unscale(i, lived), found = bounds.action_of(i, u);
        ASSERT_EQ(bounds.unscale(i, found), u) << i << " " << lived;
        misses += bounds.unscale(i, bounds.scale(i, u)) != u;
      }
    }
  EXPECT_GT(misses, 100);  // so that it was worth looking for
}

}  // namespace
}  // namespace ddpg
