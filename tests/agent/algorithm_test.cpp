// What happens at which step: warm-up, noise, updates.
#include "agent/algorithm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "agent/small_options.h"
#include "agent/test_environments.h"
#include "policy/content.h"

namespace ddpg {
namespace {

using testing::point;
using testing::Script;
using testing::scripted;
using testing::small_options;

// Two actions with unequal, asymmetric bounds; writes down what was executed.
Script recording(std::vector<std::vector<float>>& actions) {
  return {.specification = {"recording", 1, {-3.0f, 1.0f}, {1.0f, 1.5f}, 0},
          .reset = [](RandomStream&, std::span<double> observation) { observation[0] = 0.5; },
          .step =
              [&actions](int, std::span<const float> action, std::span<double> observation) {
                actions.emplace_back(action.begin(), action.end());
                observation[0] = 0.5;
                return StepResult{};
              }};
}

TEST(Algorithm, DoesAsManyUpdatesAsTheRatioSays) {
  struct Case {
    double updates_per_step;
    std::int64_t update_interval, learning_starts, steps, updates;
  };
  for (const Case& c :
       {Case{1, 1, 0, 3, 0}, Case{1, 1, 0, 4, 1}, Case{1, 1, 0, 100, 97},  // a batch of 4 is awaited
        Case{1, 1, 20, 20, 0}, Case{1, 1, 20, 21, 1}, Case{1, 1, 20, 100, 80}, Case{0.25, 1, 20, 23, 0},
        Case{0.25, 1, 20, 24, 1}, Case{0.25, 1, 20, 100, 20}, Case{0.1, 1, 20, 120, 10}, Case{3, 1, 20, 21, 3},
        Case{3, 1, 20, 100, 240}, Case{1, 50, 20, 49, 0}, Case{1, 50, 20, 50, 30}, Case{1, 50, 20, 149, 80},
        Case{1, 50, 20, 150, 130}, Case{0.25, 50, 0, 100, 24}}) {
    Options options = small_options();
    options.updates_per_step = c.updates_per_step;
    options.update_interval = c.update_interval;
    options.learning_starts = c.learning_starts;
    Algorithm algorithm(options, scripted(point()));
    while (algorithm.steps() < c.steps) algorithm.step();
    EXPECT_EQ(algorithm.updates(), c.updates) << c.updates_per_step << " per step, every " << c.update_interval
                                              << " from " << c.learning_starts << ", after " << c.steps;
  }
}

TEST(Algorithm, WarmsUpUniformlyOverTheWholeBox) {
  Options options = small_options();
  options.warmup_steps = 4'000;
  options.learning_starts = 1'000'000;
  std::vector<std::vector<float>> actions;
  Algorithm algorithm(options, scripted(recording(actions)));
  while (algorithm.steps() < options.warmup_steps) algorithm.step();
  const float low[] = {-3.0f, 1.0f}, high[] = {1.0f, 1.5f};
  for (std::size_t i : {0, 1}) {
    std::vector<int> counts(10);
    for (const auto& action : actions) {
      const double place = (action[i] - low[i]) / (high[i] - low[i]);
      ASSERT_GE(place, 0);
      ASSERT_LE(place, 1);
      counts[static_cast<std::size_t>(std::min(9.0, place * 10))]++;
    }
    double chi_square = 0;
    for (int count : counts) chi_square += (count - 400.0) * (count - 400.0) / 400;
    EXPECT_LT(chi_square, 27.9);  // the 99.9th percentile at 9 degrees of freedom
  }
}

// Without warm-up and with final weights of about 0, actions are the noise around the middle, in half-ranges of each
// dimension.
TEST(Algorithm, ScalesTheNoiseByTheHalfRangeAndClips) {
  Options options = small_options();
  options.learning_starts = 1'000'000;
  options.actor.final_init = 1e-9;
  options.exploration.sigma = 0.2;
  std::vector<std::vector<float>> actions;
  Algorithm algorithm(options, scripted(recording(actions)));
  while (algorithm.steps() < 4'000) algorithm.step();
  const double centre[] = {-1.0, 1.25}, half_range[] = {2.0, 0.25};
  for (std::size_t i : {0, 1}) {
    double squares = 0;
    for (const auto& action : actions) squares += std::pow((action[i] - centre[i]) / half_range[i], 2);
    EXPECT_NEAR(std::sqrt(squares / 4'000), 0.2, 0.01);
  }

  options.exploration.sigma = 1.5;
  actions.clear();
  Algorithm loud(options, scripted(recording(actions)));
  while (loud.steps() < 1'000) loud.step();
  int at_bound = 0;
  for (const auto& action : actions) {
    ASSERT_TRUE(action[0] >= -3.0f && action[0] <= 1.0f && action[1] >= 1.0f && action[1] <= 1.5f);
    at_bound += action[0] == -3.0f || action[0] == 1.0f;
  }
  EXPECT_NEAR(at_bound, 505, 60);  // a normal deviate beyond 1 / 1.5
}

// In [-1, 1], as the critic sees it, whatever the bounds.
TEST(Algorithm, StoresTheActionThatWasExecuted) {
  Options options = small_options();
  options.warmup_steps = 20;
  options.exploration.sigma = 1.5;
  std::vector<std::vector<float>> actions;
  Algorithm algorithm(options, scripted(recording(actions)));
  while (algorithm.steps() < 100) algorithm.step();
  for (std::size_t i = 0; i < actions.size(); i++)
    for (std::size_t k = 0; k < 2; k++) {
      const float stored = algorithm.replay().at(static_cast<std::int64_t>(i)).action[k];
      ASSERT_GE(stored, -1.0f);
      ASSERT_LE(stored, 1.0f);
      ASSERT_FLOAT_EQ(k == 0 ? -1.0f + 2.0f * stored : 1.25f + 0.25f * stored, actions[i][k]);
    }
}

// A task in other units is the same task: with bounds a power of two wider every bit stays that is not an action.
TEST(Algorithm, LearnsTheSameInOtherUnitsOfTheAction) {
  const auto learnt = [](float unit) {
    Script script = point();
    script.specification.action_low = {-unit};
    script.specification.action_high = {unit};
    script.step = [step = script.step, unit](int at, std::span<const float> action, std::span<double> observation) {
      return step(at, std::vector<float>{action[0] / unit}, observation);
    };
    Algorithm algorithm(small_options(), scripted(script));
    while (algorithm.steps() < 100) algorithm.step();
    const double value = algorithm.value(std::vector<double>{0.5}, std::vector<float>{0.25f * unit});
    return std::pair(algorithm.policy({}).content().tensors, value);
  };
  const auto original = learnt(1);
  for (const float unit : {1024.0f, 1.0f / 1024}) {
    const auto other = learnt(unit);
    EXPECT_EQ(other.first, original.first) << unit;
    EXPECT_EQ(other.second, original.second) << unit;  // asked in the environment's units
  }
}

TEST(Algorithm, StoresTheTrueLastObservationAndEveryEndAsItIs) {
  Options options = small_options();
  const Script script = {.specification = {"ends", 1, {-1.0f}, {1.0f}, 0},
                         .reset = [](RandomStream&, std::span<double> observation) { observation[0] = 100; },
                         .step =
                             [episode = 0](int step, std::span<const float>, std::span<double> observation) mutable {
                               observation[0] = step + 1;
                               if (step < 2) return StepResult{};
                               episode++;
                               return StepResult{0, episode % 3 != 0, episode % 3 != 1};
                             }};
  Algorithm algorithm(options, scripted(script));
  while (algorithm.steps() < 90) algorithm.step();
  EXPECT_EQ(algorithm.episodes(), 30);
  for (std::int64_t i = 0; i < 90; i++) {
    const StoredTransition stored = algorithm.replay().at(i);
    const bool ends = i % 3 == 2;
    const std::int64_t episode = i / 3 + 1;
    ASSERT_EQ(stored.observation[0], i % 3 == 0 ? 100.0f : static_cast<float>(i % 3));
    ASSERT_EQ(stored.next_observation[0], static_cast<float>(i % 3 + 1));
    ASSERT_EQ(stored.terminated, ends && episode % 3 != 0);
    ASSERT_EQ(stored.truncated, ends && episode % 3 != 1);
  }
}

// The policy carries the mean of all observations seen, each counted once: first ones, following ones and last ones.
TEST(Algorithm, NormalisesByEveryFreshObservationOnce) {
  Options options = small_options();
  options.normalise_observations = true;
  std::vector<double> seen;
  Script script = point();
  script.reset = [reset = script.reset, &seen](RandomStream& random, std::span<double> observation) {
    reset(random, observation);
    seen.push_back(observation[0]);
  };
  script.step = [step = script.step, &seen](int at, std::span<const float> action, std::span<double> observation) {
    const StepResult result = step(at, action, observation);
    seen.push_back(observation[0]);
    return result;
  };
  Algorithm algorithm(options, scripted(script));
  while (algorithm.steps() < 130) algorithm.step();
  ASSERT_EQ(seen.size(), 130u + 1 + 6);
  double mean = 0, variance = 0;
  for (double x : seen) mean += x / 137;
  for (double x : seen) variance += (x - mean) * (x - mean) / 137;
  const Policy policy = algorithm.policy({});
  EXPECT_NEAR(policy.content().mean[0], mean, 1e-12);
  EXPECT_NEAR(policy.content().deviation[0], std::sqrt(variance), 1e-12);

  for (int i = 0; i < 10; i++) algorithm.value(std::vector<double>{50.0}, std::vector<float>{0});
  EXPECT_EQ(algorithm.policy({}).content().mean, policy.content().mean);  // asking for a value takes nothing in
}

// What is kept to verify the policy by: real observations, and what the actor that is trained does with them.
TEST(Algorithm, ItsPolicyHoldsCheckPairsFromTheReplayBuffer) {
  for (const bool normalise : {false, true}) {
    Options options = small_options();
    options.normalise_observations = normalise;
    options.actor.layer_norm = normalise;
    Script script = point();
    script.specification.observation_names = {"place"};
    Algorithm algorithm(options, scripted(script)), asked(options, scripted(point()));
    EXPECT_EQ(algorithm.policy({}).content().checks(), 1u);  // the observation that it begins with
    EXPECT_EQ(algorithm.policy({}).verify(), 0);
    const float first = algorithm.policy({}).content().check_observations[0];
    while (algorithm.steps() < 100) {
      algorithm.step();
      asked.step();
      Policy policy = asked.policy({});
      EXPECT_EQ(policy.verify(), 0) << "step " << algorithm.steps();
    }
    const Policy policy = algorithm.policy({});
    const Policy::Content& content = policy.content();
    ASSERT_EQ(content.checks(), 16u);
    const float origin = normalise ? first : 0.0f;  // of what the replay buffer holds
    EXPECT_EQ(content.check_observations.front(), first);
    EXPECT_FLOAT_EQ(content.check_observations.back(), algorithm.replay().at(99).observation[0] + origin);
    EXPECT_EQ(content.observation_names, std::vector<std::string>{"place"});
    EXPECT_EQ(content.tensors, asked.policy({}).content().tensors);  // asking changes nothing
  }
}

// Without noise, what is executed is what the policy that could be saved at that moment would do, to the bit.
TEST(Algorithm, ItsPolicyActsAsItself) {
  for (const bool normalise : {false, true}) {
    Options options = small_options();
    options.normalise_observations = normalise;
    options.exploration.noise = Noise::none;
    std::vector<double> last(1);
    std::vector<float> executed;
    Script script = point();
    script.reset = [reset = script.reset, &last](RandomStream& random, std::span<double> observation) {
      reset(random, observation);
      last[0] = observation[0];
    };
    script.step = [step = script.step, &last, &executed](int at, std::span<const float> action,
                                                         std::span<double> observation) {
      executed.assign(action.begin(), action.end());
      const StepResult result = step(at, action, observation);
      last[0] = observation[0];
      return result;
    };
    Algorithm algorithm(options, scripted(script));
    while (algorithm.steps() < 60) {
      Policy policy = algorithm.policy({});
      std::vector<float> action(1);
      policy.act(last, action);
      algorithm.step();
      ASSERT_EQ(action, executed);
    }
  }
}

TEST(Algorithm, MeasuresSinceTheRowBefore) {
  Algorithm algorithm(small_options(), scripted(point()));
  Progress row;
  algorithm.measure(row);
  EXPECT_EQ(row.step, 0);
  EXPECT_TRUE(std::isnan(row.critic_loss) && std::isnan(row.training_return));
  while (algorithm.steps() < 40) algorithm.step();
  algorithm.measure(row);
  algorithm.start_new_sums();
  EXPECT_EQ(row.step, 40);
  EXPECT_EQ(row.updates, 37);
  EXPECT_EQ(row.episodes, 2);
  EXPECT_GT(row.critic_loss, 0);
  EXPECT_GT(row.critic_gradient_norm, 0);
  EXPECT_GT(row.actor_gradient_norm, 0);
  EXPECT_LT(row.training_return, 0);
  EXPECT_EQ(row.exploration_sigma, 0.1);
  Progress next;
  algorithm.measure(next);
  EXPECT_TRUE(std::isnan(next.critic_loss) && std::isnan(next.training_return));
}

}  // namespace
}  // namespace ddpg
