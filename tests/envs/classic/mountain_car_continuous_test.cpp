// MountainCarContinuous-v0 against Gymnasium's own numbers.
#include "envs/classic/mountain_car_continuous.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "ddpg/error.h"
#include "envs/trace.h"

namespace ddpg {
namespace {

class MountainCarContinuousTest : public ::testing::Test {
 protected:
  StepResult play(float action) { return car_.step({&action, 1}, observation_); }

  void inject(double position, double velocity, bool stepped) {
    const std::array<double, 3> state{position, velocity, stepped ? 1.0 : 0.0};
    car_.restore_state(state);
  }

  // exact: only a cosine that differs in the last bit of a float64 could tip a float32, and in this trace none does
  void expect_same(const StepResult& result, const testing::TraceStep& expected) {
    ASSERT_EQ(result.reward, expected.reward);
    ASSERT_EQ(result.terminated, expected.terminated);
    ASSERT_FALSE(result.truncated);
    for (int i = 0; i < 2; i++) {
      ASSERT_EQ(observation_[i], expected.observation[i]);
      ASSERT_EQ(car_.save_state()[i], expected.state[i]);
    }
  }

  MountainCarContinuous car_;
  std::array<double, 2> observation_{};
};

TEST_F(MountainCarContinuousTest, EveryStepFromGymnasiumsStateGivesGymnasiumsNumbers) {
  const auto rollouts = testing::read_trace("MountainCarContinuous-v0", 2);
  ASSERT_EQ(rollouts.size(), 20u);
  int arrived = 0;
  for (const auto& rollout : rollouts) {
    inject(rollout.start[0], rollout.start[1], false);
    for (const auto& expected : rollout.steps) {
      expect_same(play(expected.action), expected);
      if (HasFatalFailure()) return;
      arrived += expected.terminated;
      inject(expected.state[0], expected.state[1], true);
    }
  }
  EXPECT_GT(arrived, 1000);  // the trace is worth something: it has the goal and, below, the walls in it
}

TEST_F(MountainCarContinuousTest, WholeRolloutsStayOnGymnasiumsPath) {
  int at_the_walls = 0;
  for (const auto& rollout : testing::read_trace("MountainCarContinuous-v0", 2)) {
    inject(rollout.start[0], rollout.start[1], false);
    for (const auto& expected : rollout.steps) {
      expect_same(play(expected.action), expected);
      if (HasFatalFailure()) return;
      at_the_walls += observation_[0] == static_cast<float>(-1.2) || observation_[0] == static_cast<float>(0.6);
    }
  }
  EXPECT_GT(at_the_walls, 100);
}

TEST_F(MountainCarContinuousTest, ChargesTheActionAsGiven) {
  inject(-0.5, 0, true);
  EXPECT_EQ(play(3.0f).reward, -0.9);
}

TEST_F(MountainCarContinuousTest, GoalVelocityIsASetting) {
  MountainCarContinuous fast(0.05);
  const std::array<double, 3> slow_state{0.45, 0.03, 1.0}, fast_state{0.45, 0.06, 1.0};
  const float full = 1;
  fast.restore_state(slow_state);
  EXPECT_FALSE(fast.step({&full, 1}, observation_).terminated);
  fast.restore_state(fast_state);
  EXPECT_TRUE(fast.step({&full, 1}, observation_).terminated);
}

TEST_F(MountainCarContinuousTest, StartsLikeGymnasium) {
  RandomStream random(3);
  std::vector<double> positions;
  for (int i = 0; i < 20'000; i++) {
    play(1);
    car_.reset(random, observation_);
    const auto state = car_.save_state();
    ASSERT_EQ(observation_[0], static_cast<float>(state[0]));
    ASSERT_EQ(observation_[1], 0);
    ASSERT_EQ(state[1], 0);
    ASSERT_EQ(state[2], 0);
    positions.push_back(state[0]);
  }
  // uniform over (-0.6, -0.4)
  const testing::Moments position(positions);
  EXPECT_NEAR(position.mean, -0.5, 5 * 0.1 / std::sqrt(3 * 20'000));
  EXPECT_NEAR(position.variance, 0.01 / 3, 1e-4);
  EXPECT_GE(position.low, -0.6);
  EXPECT_LT(position.low, -0.5999);
  EXPECT_LE(position.high, -0.4);
  EXPECT_GT(position.high, -0.4001);
}

TEST_F(MountainCarContinuousTest, RefusesAStateOfAnotherSize) {
  const std::array<double, 2> state{};
  EXPECT_THROW(car_.restore_state(state), Error);
}

}  // namespace
}  // namespace ddpg
