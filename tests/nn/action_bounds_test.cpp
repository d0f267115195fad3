// The map from tanh's interval to unequal and asymmetric bounds.
#include "nn/action_bounds.h"

#include <gtest/gtest.h>

#include <limits>

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

TEST(ActionBounds, ScalesRows) {
  const ActionBounds bounds({-1.0f, -2.0f}, {1.0f, 6.0f});
  PanelMatrix u(2, 2), actions(2, 2);
  u.view().at(0, 1) = 1.0f;
  u.view().at(1, 0) = -0.5f;
  bounds.scale(u.view(), actions.view());
  EXPECT_EQ(actions.view().at(0, 0), 0.0f);
  EXPECT_EQ(actions.view().at(0, 1), 6.0f);
  EXPECT_EQ(actions.view().at(1, 0), -0.5f);
  EXPECT_EQ(actions.view().at(1, 1), 2.0f);
}

}  // namespace
}  // namespace ddpg
