#include "record/live_line.h"

#include <gtest/gtest.h>

namespace ddpg {
namespace {

LiveState halfway() {
  LiveState state;
  state.step = 5'000;
  state.steps = 10'000;
  state.steps_per_second = 2'500;
  state.evaluation_return = -147.26;
  state.critic_loss = 0.0123456;
  state.mean_q = -23.5;
  return state;
}

TEST(LiveLine, ShowsEverythingWhereThereIsRoom) {
  EXPECT_EQ(live_line(halfway(), 200),
            "[###############---------------]  50 %  2,500 steps/s  0:02 left  return -147.3  loss 0.01235  Q -23.5");
}

TEST(LiveLine, NeverExceedsTheWidthAndLeavesOutFromTheRight) {
  for (int width = 0; width < 140; width++) {
    const std::string line = live_line(halfway(), width);
    ASSERT_LE(static_cast<int>(line.size()), width) << line;
  }
  const std::string narrow = live_line(halfway(), 60);
  EXPECT_NE(narrow.find("left"), std::string::npos) << narrow;
  EXPECT_EQ(narrow.find("Q "), std::string::npos) << narrow;
}

TEST(LiveLine, ShowsEverythingOnAnOrdinaryTerminal) {
  const std::string line = live_line(halfway(), 79);
  for (const char* part : {"[##", "50 %", "2,500 steps/s", "0:02 left", "return -147.3", "loss 0.01235", "Q -23.5"})
    EXPECT_NE(line.find(part), std::string::npos) << part << " in " << line;
}

TEST(LiveLine, LeavesOutWhatWasNotMeasured) {
  LiveState state;
  state.steps = 100;
  EXPECT_EQ(live_line(state, 80), "[------------------------------]   0 %");
}

TEST(LiveLine, IsFullAtTheEnd) {
  LiveState state = halfway();
  state.step = state.steps;
  EXPECT_EQ(live_line(state, 200).substr(0, 38), "[##############################] 100 %");
}

TEST(Rate, FollowsTheSpeedOfLate) {
  Rate rate;
  rate.measure(0, 10.0);
  EXPECT_TRUE(rate.value() != rate.value());
  rate.measure(1'000, 11.0);
  EXPECT_DOUBLE_EQ(rate.value(), 1'000);
  rate.measure(1'000, 11.0);  // no time has passed: nothing can be learnt
  EXPECT_DOUBLE_EQ(rate.value(), 1'000);
  std::int64_t step = 1'000;
  for (int second = 12; second < 60; second++) rate.measure(step += 100, second);
  EXPECT_NEAR(rate.value(), 100, 1);
}

}  // namespace
}  // namespace ddpg
