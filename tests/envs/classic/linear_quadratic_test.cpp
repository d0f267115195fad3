// LinearQuadratic-v0 is the linear system that riccati.h solves.
#include "envs/classic/riccati.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "ddpg/error.h"
#include "envs/trace.h"

namespace ddpg {
namespace {

class LinearQuadraticTest : public ::testing::Test {
 protected:
  StepResult play(float action) { return task_.step({&action, 1}, observation_); }

  LinearQuadratic task_;
  std::array<double, 2> observation_{};
};

TEST_F(LinearQuadraticTest, MovesAndCostsAsTheMatricesSay) {
  const std::array<double, 2> state{0.6, -0.3};
  task_.restore_state(state);
  const StepResult result = play(0.5f);
  EXPECT_NEAR(result.reward, -(0.5 * 0.36 + 0.05 * 0.09 + 0.5 * 0.25), 1e-15);
  EXPECT_NEAR(observation_[0], 0.6 + 0.05 * -0.3, 1e-15);
  EXPECT_NEAR(observation_[1], -0.01 * 0.6 + 0.975 * -0.3 + 0.05 * 0.5, 1e-15);
  EXPECT_FALSE(result.terminated);
  EXPECT_FALSE(result.truncated);
}

TEST_F(LinearQuadraticTest, CutsTheActionToItsBounds) {
  const std::array<double, 2> rest{};
  task_.restore_state(rest);
  EXPECT_NEAR(play(-7.0f).reward, -0.5, 1e-6);
  EXPECT_NEAR(observation_[1], -0.05, 1e-8);
  task_.restore_state(rest);
  EXPECT_NEAR(play(7.0f).reward, -0.5 * 1.44, 1e-6);
  EXPECT_NEAR(observation_[1], 0.06, 1e-8);
}

TEST_F(LinearQuadraticTest, OptimalPolicyNeverMeetsTheBoundsFromTheCornersOfTheStart) {
  for (double discount : {0.9, 0.99, 1.0}) {
    const LinearPolicy optimal = solve_riccati(LinearQuadratic::system(), discount);
    for (int corner = 0; corner < 4; corner++) {
      const Vector2 range = LinearQuadratic::start_range();
      observation_ = {corner & 1 ? range[0] : -range[0], corner & 2 ? range[1] : -range[1]};
      task_.restore_state(observation_);
      for (int t = 0; t < 100; t++) {
        const auto action = static_cast<float>(optimal.action(observation_));
        ASSERT_GT(action, task_.specification().action_low[0]);
        ASSERT_LT(action, task_.specification().action_high[0]);
        play(action);
      }
    }
  }
}

TEST_F(LinearQuadraticTest, OptimalReturnIsTheOneDocumented) {
  const LinearPolicy optimal = solve_riccati(LinearQuadratic::system(), 0.99);
  RandomStream random(5);
  double sum = 0;
  for (int episode = 0; episode < 20'000; episode++) {
    task_.reset(random, observation_);
    for (int t = 0; t < 100; t++) sum += play(static_cast<float>(optimal.action(observation_))).reward;
  }
  EXPECT_NEAR(sum / 20'000, -4.741, 0.15);  // 5 standard errors
}

TEST_F(LinearQuadraticTest, StartsUniformlyInItsBox) {
  RandomStream random(3);
  std::array<std::vector<double>, 2> values;
  for (int i = 0; i < 20'000; i++) {
    task_.reset(random, observation_);
    ASSERT_EQ(task_.save_state(), std::vector<double>(observation_.begin(), observation_.end()));
    for (int j = 0; j < 2; j++) values[j].push_back(observation_[j]);
  }
  for (int j = 0; j < 2; j++) {
    const double range = LinearQuadratic::start_range()[j];
    const testing::Moments moments(values[j]);
    EXPECT_NEAR(moments.mean, 0, 5 * range / std::sqrt(3 * 20'000));
    EXPECT_NEAR(moments.variance, range * range / 3, 0.02 * range * range);
    EXPECT_GE(moments.low, -range);
    EXPECT_LT(moments.low, -0.999 * range);
    EXPECT_LE(moments.high, range);
    EXPECT_GT(moments.high, 0.999 * range);
  }
}

TEST_F(LinearQuadraticTest, RefusesAStateOfAnotherSize) {
  const std::array<double, 3> state{};
  EXPECT_THROW(task_.restore_state(state), Error);
}

}  // namespace
}  // namespace ddpg
