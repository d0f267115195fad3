// Test episodes: their figures, their starting states, and what they refuse.
#include "run/evaluation.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "agent/test_environments.h"
#include "ddpg/error.h"
#include "ddpg/export.h"
#include "nn/tensors.h"
#include "policy/content.h"

namespace ddpg {
namespace {

using ::testing::HasSubstr;
using testing::Script;
using testing::ScriptedEnvironment;

// mu(s) = tanh(bias) within +-1, whatever s.
Policy constant_policy(float bias) {
  Policy::Content content;
  content.body = {1, 0, {dense_step(1), activate_step(Activation::tanh)}};
  for (const TensorForm& form : expected_tensors(content.body))
    content.tensors.push_back(
        {form.name, form.shape,
         std::vector<float>(static_cast<std::size_t>(form.elements()), form.name.ends_with("bias") ? bias : 0.0f)});
  content.action_low = {-1.0f};
  content.action_high = {1.0f};
  return Policy(std::move(content));
}

// Episode i, counted from 0, has i + 2 steps, each of reward i + 1; the observation counts steps. Odd ones are
// terminated, even ones cut.
Script growing() {
  auto episode = std::make_shared<int>(-1);
  return {.specification = {"growing", 1, {-1.0f}, {1.0f}, 0},
          .reset =
              [episode](RandomStream&, std::span<double> observation) {
                observation[0] = 0;
                ++*episode;
              },
          .step =
              [episode](int step, std::span<const float>, std::span<double> observation) {
                observation[0] = step + 1;
                const bool ends = step + 1 == *episode + 2, odd = *episode % 2 == 1;
                return StepResult{*episode + 1.0, ends && odd, ends && !odd};
              }};
}

TEST(Evaluation, TellsTheFiguresOfItsEpisodes) {
  ScriptedEnvironment environment(growing());
  Policy policy = constant_policy(0);
  const Evaluation evaluation = evaluate(policy, environment, 3, 0);  // returns 2, 6, 12
  EXPECT_EQ(evaluation.episodes, 3);
  EXPECT_DOUBLE_EQ(evaluation.mean_return, 20.0 / 3);
  EXPECT_DOUBLE_EQ(evaluation.std_return, std::sqrt((4 + 36 + 144) / 3.0 - 400.0 / 9));
  EXPECT_EQ(evaluation.min_return, 2);
  EXPECT_EQ(evaluation.max_return, 12);
  EXPECT_EQ(evaluation.mean_length, 3);
  EXPECT_TRUE(std::isnan(evaluation.predicted_q));
  EXPECT_TRUE(std::isnan(evaluation.discounted_return));
}

// With Q(s, a) = 10 s + 100 a, gamma = 1/2 and a = tanh(0) = 0:
//   episode 0, cut after 2 steps at s = 2:          returns from s = 1 and 0:     1 + 20/2 = 11, 1 + 11/2 = 6.5
//   episode 1, terminated after 3 steps of reward 2: from s = 2, 1 and 0:         2, 3, 3.5
TEST(Evaluation, ComparesPredictedWithObtainedReturns) {
  ScriptedEnvironment environment(growing());
  Policy policy = constant_policy(0);
  const ValueFunction value = [](std::span<const double> s, std::span<const float> a) {
    return 10 * s[0] + 100 * a[0];
  };
  const Evaluation evaluation = evaluate_with_value(policy, environment, 2, 0, 0, 0.5, value);
  EXPECT_DOUBLE_EQ(evaluation.predicted_q, (0 + 10 + 0 + 10 + 20) / 5.0);
  EXPECT_DOUBLE_EQ(evaluation.discounted_return, (11 + 6.5 + 2 + 3 + 3.5) / 5.0);
}

TEST(Evaluation, PlaysThePolicyWithoutNoise) {
  std::vector<float> actions;
  Script script = growing();
  script.step = [step = script.step, &actions](int at, std::span<const float> action, std::span<double> observation) {
    actions.push_back(action[0]);
    return step(at, action, observation);
  };
  ScriptedEnvironment environment(script);
  Policy policy = constant_policy(0.3f);
  evaluate(policy, environment, 2, 0);
  ASSERT_EQ(actions.size(), 5u);
  for (float action : actions) EXPECT_NEAR(action, std::tanh(0.3), 1e-6);
}

TEST(Evaluation, StartsWhereSeedAndIndexSay) {
  ScriptedEnvironment environment(testing::point());
  Policy policy = constant_policy(0.1f);
  const auto mean = [&](std::uint64_t seed, std::uint64_t index) {
    return evaluate(policy, environment, 5, seed, index).mean_return;
  };
  EXPECT_EQ(mean(1, 0), mean(1, 0));
  EXPECT_NE(mean(1, 0), mean(2, 0));
  EXPECT_NE(mean(1, 0), mean(1, 1));
}

TEST(Evaluation, OfNoEpisodesMeasuresNothing) {
  ScriptedEnvironment environment(testing::point());
  Policy policy = constant_policy(0);
  const Evaluation evaluation = evaluate(policy, environment, 0, 0);
  EXPECT_EQ(evaluation.episodes, 0);
  EXPECT_TRUE(std::isnan(evaluation.mean_return));
}

TEST(Evaluation, RefusesAPolicyOfOtherSizes) {
  Script script = testing::point();
  script.specification.action_low = {-1, -1};
  script.specification.action_high = {1, 1};
  ScriptedEnvironment environment(script);
  Policy policy = constant_policy(0);
  try {
    evaluate(policy, environment, 1, 0);
    FAIL() << "sizes differ";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), ::testing::AllOf(HasSubstr("point"), HasSubstr("1 actions"), HasSubstr("and 2")));
  }
}

std::string failure(const Script& script, Policy policy) {
  ScriptedEnvironment environment(script);
  try {
    evaluate(policy, environment, 1, 0);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Evaluation, NamesStepAndPlaceOfWhatIsNotFinite) {
  for (const bool in_reward : {true, false}) {
    Script script = testing::point();
    script.step = [in_reward](int step, std::span<const float>, std::span<double> observation) {
      observation[0] = step == 6 && !in_reward ? HUGE_VAL : 0;
      return StepResult{step == 6 && in_reward ? std::nan("") : 0.0, false, false};
    };
    EXPECT_THAT(failure(script, constant_policy(0)),
                ::testing::AllOf(HasSubstr("[environment point]"), HasSubstr("evaluation, step 7")));
  }
  EXPECT_THAT(failure(testing::point(), constant_policy(std::nanf(""))),
              ::testing::AllOf(HasSubstr("[policy]"), HasSubstr("point, step 0"), HasSubstr("action")));
}

TEST(Evaluation, FindsANumberTooMany) {
  for (const bool in_reset : {true, false}) {
    Script script = testing::point();
    const auto write = [in_reset](bool resets, std::span<double> observation) {
      observation[0] = 0;
      if (resets == in_reset) observation.data()[1] = 0;
    };
    script.reset = [write](RandomStream&, std::span<double> observation) { write(true, observation); };
    script.step = [write](int, std::span<const float>, std::span<double> observation) {
      write(false, observation);
      return StepResult{};
    };
    EXPECT_THAT(failure(script, constant_policy(0)), HasSubstr("it wrote more than the 1 numbers of its observation"));
  }
}

// What a robot acts on has 32 bits: beyond their range it is the observation that is wrong, not the action.
TEST(Evaluation, BlamesAnObservationBeyondAFloatOnTheEnvironment) {
  for (const double huge : {1e300, -3.5e38, std::nan("")}) {
    Script script = testing::point();
    script.step = [huge](int step, std::span<const float>, std::span<double> observation) {
      observation[0] = step == 2 ? huge : 0;
      return StepResult{};
    };
    EXPECT_THAT(failure(script, constant_policy(0)),
                ::testing::AllOf(HasSubstr("[environment point] evaluation, step 3: observation[0] is"),
                                 HasSubstr(fmt::format("{}", huge))));
  }
}

// Whoever made the environment: an episode ends at the limit that its specification has.
TEST(Evaluation, KeepsTheTimeLimitOfTheSpecification) {
  Script script = testing::point();
  script.specification.time_limit = 5;
  script.step = [](int, std::span<const float>, std::span<double> observation) {
    observation[0] = 0;
    return StepResult{1, false, false};
  };
  ScriptedEnvironment environment(script);
  Policy policy = constant_policy(0);
  const Evaluation evaluation = evaluate(policy, environment, 2, 0);
  EXPECT_EQ(evaluation.mean_length, 5);
  EXPECT_EQ(evaluation.mean_return, 5);
  EXPECT_EQ(record_pairs(policy, environment, 3, 0).rows, 15);
  RandomStream random(1);
  const Episode cut = play_episode(policy, environment, random, [](auto, auto) { return 7.0; });
  EXPECT_EQ(cut.tail, 7);  // a truncation: the value of the last observation still counts
}

TEST(Evaluation, DoesNotWaitForAnEpisodeWithoutEnd) {
  Script script = testing::point();
  script.step = [](int, std::span<const float>, std::span<double> observation) {
    observation[0] = 0;
    return StepResult{};
  };
  EXPECT_THAT(failure(script, constant_policy(0)), HasSubstr("time_limit"));
}

}  // namespace
}  // namespace ddpg
