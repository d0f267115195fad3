// Behaviour cloning beside Q (TD3+BC), on data of our own: an actor that stays near the actions of the data, or leaves
// them where more is to be had. Whole updates against PyTorch: update_golden_test.cpp.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "agent/small_options.h"
#include "ddpg/agent.h"

namespace ddpg {
namespace {

// Episodes of one step at s = -1 or 1; the action was about s / 4, and its reward is s a: the best action is s.
std::vector<Transition> recorded() {
  RandomStream random(3);
  std::vector<Transition> data;
  for (int i = 0; i < 400; i++) {
    const double s = i % 2 == 0 ? -1 : 1, a = 0.25 * s + 0.1 * random.normal();
    data.push_back({{s}, {static_cast<float>(a)}, s * a, {s}, true, false});
  }
  return data;
}

// s mu(s), the mean over both states, after learning from data alone.
double learnt_offline(double alpha, const char* preset) {
  Options options = find_preset(preset).options;
  options.actor.hidden = options.critic.hidden = {16, 16};
  options.actor.learning_rate = options.critic.learning_rate = 3e-3;
  options.batch_size = 32;
  options.replay_capacity = 1'000;
  options.normalise_observations = false;
  options.actor.cloning_alpha = alpha;
  Agent agent(options, {"recorded", 1, {-1.0f}, {1.0f}, 0});
  agent.add(recorded());
  agent.update(1'000);
  Policy policy = agent.policy();
  float low = 0, high = 0;
  policy.act(std::vector<double>{-1}, std::span(&low, 1));
  policy.act(std::vector<double>{1}, std::span(&high, 1));
  return (high - low) / 2;
}

TEST(Cloning, TheLessQCountsTheNearerTheActorStaysToTheData) {
  for (const char* preset : {"td3-2018-repo", "td3-bc"}) {
    const double cloned = learnt_offline(1e-3, preset), balanced = learnt_offline(0.3, preset),
                 free = learnt_offline(1e3, preset);
    EXPECT_NEAR(cloned, 0.25, 0.05);
    EXPECT_GT(balanced, cloned + 0.1);
    EXPECT_LT(balanced, free);
    EXPECT_GT(free, 0.9);
  }
}

TEST(Cloning, WithoutItNothingStaysNear) {
  EXPECT_GT(learnt_offline(0, "td3-2018-repo"), 0.9);
}

}  // namespace
}  // namespace ddpg
