// Pendulum-v1 against Gymnasium's own numbers.
#include "envs/classic/pendulum.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "ddpg/error.h"
#include "envs/trace.h"

namespace ddpg {
namespace {

// NumPy's sine and cosine, and its powf for the torque squared, are not correctly rounded: the last bit may differ, of
// a float64 in the first case, of a float32 in the second.
constexpr double kUlp = std::numeric_limits<double>::epsilon();
constexpr double kFloatUlp = std::numeric_limits<float>::epsilon();

class PendulumTest : public ::testing::Test {
 protected:
  StepResult play(float action) { return pendulum_.step({&action, 1}, observation_); }

  Pendulum pendulum_;
  std::array<double, 3> observation_{};
};

TEST_F(PendulumTest, EveryStepFromGymnasiumsStateGivesGymnasiumsNumbers) {
  const auto rollouts = testing::read_trace("Pendulum-v1", 3);
  ASSERT_EQ(rollouts.size(), 20u);
  int identical_observations = 0, identical_rewards = 0;
  for (const auto& rollout : rollouts) {
    std::vector<double> state = rollout.start;
    for (const auto& expected : rollout.steps) {
      pendulum_.restore_state(state);
      const StepResult result = play(expected.action);
      const auto reached = pendulum_.save_state();
      const double torque_cost = 0.001 * std::fmin(4, std::pow(expected.action, 2));
      ASSERT_NEAR(result.reward, expected.reward, 2 * kUlp * std::fabs(expected.reward) + 2 * kFloatUlp * torque_cost);
      ASSERT_NEAR(reached[0], expected.state[0], 2 * kUlp * std::fmax(1, std::fabs(expected.state[0])));
      ASSERT_NEAR(reached[1], expected.state[1], 2 * kUlp * std::fmax(1, std::fabs(expected.state[1])));
      for (int i = 0; i < 3; i++) {
        ASSERT_NEAR(observation_[i], expected.observation[i], kFloatUlp * std::fabs(expected.observation[i]));
        identical_observations += observation_[i] == expected.observation[i];
      }
      identical_rewards += result.reward == expected.reward;
      ASSERT_EQ(result.terminated, expected.terminated);
      ASSERT_FALSE(result.truncated);
      state = expected.state;
    }
  }
  EXPECT_GT(identical_observations, 0.999 * 60'000);
  EXPECT_GT(identical_rewards, 0.99 * 20'000);
}

TEST_F(PendulumTest, AWholeEpisodeStaysOnGymnasiumsPath) {
  for (const auto& rollout : testing::read_trace("Pendulum-v1", 3)) {
    pendulum_.restore_state(rollout.start);
    for (int t = 0; t < 200; t++) {
      play(rollout.steps[t].action);
      for (int i = 0; i < 3; i++) ASSERT_NEAR(observation_[i], rollout.steps[t].observation[i], 1e-6) << "step " << t;
    }
  }
}

TEST_F(PendulumTest, StartsLikeGymnasium) {
  RandomStream random(3);
  std::vector<double> angles, velocities;
  for (int i = 0; i < 20'000; i++) {
    pendulum_.reset(random, observation_);
    const auto state = pendulum_.save_state();
    ASSERT_EQ(observation_[2], static_cast<float>(state[1]));
    ASSERT_NEAR(std::atan2(observation_[1], observation_[0]), state[0], 1e-6);
    angles.push_back(state[0]);
    velocities.push_back(state[1]);
  }
  // uniform over (-pi, pi) and (-1, 1)
  const testing::Moments angle(angles), velocity(velocities);
  constexpr double kPi = std::numbers::pi;
  EXPECT_NEAR(angle.mean, 0, 5 * kPi / std::sqrt(3 * 20'000));
  EXPECT_NEAR(angle.variance, kPi * kPi / 3, 0.1);
  EXPECT_GE(angle.low, -kPi);
  EXPECT_LT(angle.low, -0.999 * kPi);
  EXPECT_LE(angle.high, kPi);
  EXPECT_GT(angle.high, 0.999 * kPi);
  EXPECT_NEAR(velocity.mean, 0, 5 / std::sqrt(3 * 20'000));
  EXPECT_NEAR(velocity.variance, 1.0 / 3, 0.01);
  EXPECT_GE(velocity.low, -1);
  EXPECT_LT(velocity.low, -0.999);
  EXPECT_LE(velocity.high, 1);
  EXPECT_GT(velocity.high, 0.999);
}

TEST_F(PendulumTest, GravityIsASetting) {
  Pendulum moon(1.62);
  const std::array<double, 2> level{std::numbers::pi / 2, 0.0};
  moon.restore_state(level);
  const float none = 0;
  moon.step({&none, 1}, observation_);
  EXPECT_NEAR(moon.save_state()[1], 1.5 * 1.62 * 0.05, 1e-15);
}

TEST_F(PendulumTest, RefusesAStateOfAnotherSize) {
  const std::array<double, 3> state{};
  EXPECT_THROW(pendulum_.restore_state(state), Error);
}

}  // namespace
}  // namespace ddpg
