// The size of the discounted return, against two passes; and that nothing is reported in its unit.
#include "agent/reward_normaliser.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "agent/algorithm.h"
#include "agent/test_environments.h"
#include "policy/content.h"

namespace ddpg {
namespace {

TEST(RewardNormaliser, DividesByTheDeviationOfTheDiscountedReturn) {
  constexpr double kDiscount = 0.9;
  RewardNormaliser normaliser(kDiscount, 2);
  RandomStream random(0);
  std::vector<double> all;
  double returns[2] = {0, 0};
  for (int i = 0; i < 400; i++) {
    const int copy = i % 2;
    if (i % (copy == 0 ? 20 : 14) == copy) {
      normaliser.begin_episode(copy);
      returns[copy] = 0;
    }
    const double reward = random.normal() - 3;
    normaliser.update(reward, copy);
    all.push_back(returns[copy] = kDiscount * returns[copy] + reward);
  }
  double mean = 0, variance = 0;
  for (const double x : all) mean += x / 400;
  for (const double x : all) variance += (x - mean) * (x - mean) / 400;
  EXPECT_NEAR(normaliser.deviation(), std::sqrt(variance), 1e-12);
  std::vector<float> rewards = {3.0f, -1.5f, 0.0f};
  normaliser.apply(rewards);
  EXPECT_FLOAT_EQ(rewards[0], static_cast<float>(3 / std::sqrt(variance)));
  EXPECT_FLOAT_EQ(rewards[1], static_cast<float>(-1.5 / std::sqrt(variance)));
  EXPECT_EQ(rewards[2], 0.0f);  // nothing is taken off
}

TEST(RewardNormaliser, IsOneBeforeThereIsAnythingToMeasureBy) {
  RewardNormaliser normaliser(0.99, 1);
  EXPECT_EQ(normaliser.deviation(), 1);
  for (int i = 0; i < 10; i++) normaliser.update(0, 0);
  EXPECT_EQ(normaliser.deviation(), 1);
}

// The same task with rewards in other units learns the same to the bit where the unit is a power of two, and all that
// is reported of it is reported in that unit.
TEST(RewardNormaliser, TheUnitOfTheRewardsDoesNotMatterAndIsThatOfAllThatIsTold) {
  struct Told {
    std::vector<Tensor> learnt;
    Progress row;
    double value = 0;
  };
  const auto run = [](double unit) {
    Options options;
    options.actor.hidden = options.critic.hidden = {8, 8};
    options.batch_size = 4;
    options.replay_capacity = 1'000;
    options.warmup_steps = options.learning_starts = 20;
    options.normalise_rewards = true;
    testing::Script script = testing::point();
    script.step = [step = script.step, unit](int at, std::span<const float> action, std::span<double> observation) {
      StepResult result = step(at, action, observation);
      result.reward *= unit;
      return result;
    };
    Algorithm algorithm(options, testing::scripted(script));
    while (algorithm.steps() < 200) algorithm.step();
    Told told{algorithm.policy({}).content().tensors,
              {},
              algorithm.value(std::vector<double>{0.5}, std::vector<float>{0.25f})};
    algorithm.measure(told.row);
    algorithm.start_new_sums();
    return told;
  };
  const Told plain = run(1);
  for (const double unit : {4096.0, 1.0 / 4096}) {
    const Told other = run(unit);
    EXPECT_EQ(other.learnt, plain.learnt);
    EXPECT_EQ(other.value, plain.value * unit);
    EXPECT_EQ(other.row.training_return, plain.row.training_return * unit);
    EXPECT_EQ(other.row.mean_q, plain.row.mean_q * unit);
    EXPECT_EQ(other.row.mean_target, plain.row.mean_target * unit);
    EXPECT_EQ(other.row.actor_loss, plain.row.actor_loss * unit);
    EXPECT_EQ(other.row.critic_loss, plain.row.critic_loss * unit * unit);
  }
}

}  // namespace
}  // namespace ddpg
