// What hindsight is for: PointReach-v0 is learnt from what every episode reached, where the same learning from the
// goals that were asked for alone learns nothing.
#include <gtest/gtest.h>

#include <cstdio>

#include "agent/algorithm.h"
#include "ddpg/train.h"

namespace ddpg {
namespace {

constexpr int kSteps = 6'000;

// Of 50 episodes without noise; -50: the goal was never reached.
double return_after_training(double hindsight, std::uint64_t seed) {
  Options options = find_preset("her").options;
  options.seed = seed;
  options.actor.hidden = options.critic.hidden = {64, 64};
  options.batch_size = 128;
  options.updates_per_step = 1;
  options.update_interval = 1;
  options.target.period = 1;
  options.tau = 0.01;
  options.learning_starts = 500;
  options.replay.hindsight = hindsight;
  Algorithm algorithm(options, make_environment("PointReach-v0"));
  while (algorithm.steps() < kSteps) algorithm.step();
  Policy policy = algorithm.policy({});
  const double found = evaluate(policy, *make_environment("PointReach-v0"), 50, seed).mean_return;
  std::printf("hindsight %g, seed %d: %.1f\n", hindsight, static_cast<int>(seed), found);
  return found;
}

class PointReachLearning : public testing::TestWithParam<std::uint64_t> {};

TEST_P(PointReachLearning, IsSolvedInHindsightAndNotWithout) {
  EXPECT_GT(return_after_training(4, GetParam()), -20);
  EXPECT_LT(return_after_training(0, GetParam()), -45);
}

INSTANTIATE_TEST_SUITE_P(Seeds, PointReachLearning, testing::Range<std::uint64_t>(0, 5));

}  // namespace
}  // namespace ddpg
