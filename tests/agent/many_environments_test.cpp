// Many environments at once, and physics overlapped with learning: what is the same whatever the threads and the clock,
// what is stored, how much is learnt and when.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <thread>

#include "agent/algorithm.h"
#include "agent/slow_point.h"
#include "agent/small_options.h"
#include "agent/test_environments.h"
#include "policy/content.h"

namespace ddpg {
namespace {

using testing::copies_of;
using testing::point;
using testing::Script;
using testing::slow_point;
using testing::small_options;

std::vector<Tensor> learnt(const Options& options, std::int64_t steps) {
  Algorithm algorithm(options, copies_of(options.environments, slow_point));
  while (algorithm.steps() < steps) algorithm.step(steps - algorithm.steps());
  algorithm.learn();
  std::vector<Tensor> all = algorithm.policy({}).content().tensors;
  const auto critic = algorithm.networks().critic().network.tensors(algorithm.networks().critic().target);
  all.insert(all.end(), critic.begin(), critic.end());
  return all;
}

TEST(ManyEnvironments, SameBitsOnAnyThreads) {
  for (const bool overlap : {false, true}) {
    Options options = small_options(4);
    options.overlap = overlap;
    options.normalise_observations = true;
    options.exploration.noise = Noise::ornstein_uhlenbeck;
    options.actor.hidden = options.critic.hidden = {144, 128};  // worth sharing between threads
    options.batch_size = 128;
    const auto alone = learnt(options, 142);
    EXPECT_TRUE(learnt(options, 142) == alone);
    for (const int threads : {2, 3}) {
      options.threads = threads;
      EXPECT_TRUE(learnt(options, 142) == alone) << threads << " threads, overlap " << overlap;
    }
  }
}

TEST(ManyEnvironments, TheirNumberTheSeedAndOverlapDecideTheResult) {
  const Options four = small_options(4);
  Options overlapped = four, other_seed = four;
  overlapped.overlap = true;
  other_seed.seed = 1;
  const auto bits = learnt(four, 200);
  EXPECT_FALSE(learnt(small_options(1), 200) == bits);
  EXPECT_FALSE(learnt(small_options(5), 200) == bits);
  EXPECT_FALSE(learnt(overlapped, 200) == bits);
  EXPECT_FALSE(learnt(other_seed, 200) == bits);
}

TEST(ManyEnvironments, LearnAsMuchAsOneAfterTheSameSteps) {
  for (const double ratio : {0.25, 1.0, 3.0})
    for (const std::int64_t interval : {1, 50})
      for (const bool overlap : {false, true}) {
        Options options = small_options(1);
        options.updates_per_step = ratio;
        options.update_interval = interval;
        options.learning_starts = 20;
        std::vector<std::int64_t> updates;
        for (const int environments : {1, 4, 16}) {
          options.environments = environments;
          options.overlap = overlap;
          Algorithm algorithm(options, copies_of(environments, point));
          std::size_t at = 0;
          for (const std::int64_t steps : {16, 32, 48, 64, 100, 160}) {  // 100 is no multiple of 16
            while (algorithm.steps() < steps) algorithm.step(steps - algorithm.steps());
            algorithm.learn();
            ASSERT_EQ(algorithm.steps(), steps);
            if (environments == 1) updates.push_back(algorithm.updates());
            ASSERT_EQ(algorithm.updates(), updates[at++]) << environments << " after " << steps;
          }
        }
        EXPECT_EQ(updates.back(),
                  static_cast<std::int64_t>(ratio * static_cast<double>((interval == 1 ? 160 : 150) - 20)));
      }
}

// Copies whose episodes have 1, 2, 3, ... steps and end in each way in turn. Every number that they give is new, and
// each writes down what really happened.
struct Witness {
  std::vector<std::vector<StoredTransition>> happened;

  Script operator()(int copy) {
    happened.emplace_back();
    auto now = std::make_shared<double>(1'000.0 * copy);
    auto end = std::make_shared<int>(copy);
    return {.specification = {"witness", 1, {-1.0f}, {1.0f}, 0},
            .reset = [now](RandomStream&, std::span<double> observation) { observation[0] = ++*now; },
            .step =
                [this, now, end, copy](int step, std::span<const float> action, std::span<double> observation) {
                  const float before = static_cast<float>(*now);
                  observation[0] = ++*now;
                  const bool ends = step == copy;
                  if (ends) ++*end;
                  const StepResult result = {*now / 2, ends && *end % 3 != 0, ends && *end % 3 != 1};
                  happened[static_cast<std::size_t>(copy)].push_back({{before},
                                                                      {action[0]},
                                                                      {static_cast<float>(observation[0])},
                                                                      static_cast<float>(result.reward),
                                                                      result.terminated,
                                                                      result.truncated});
                  return result;
                }};
  }
};

TEST(ManyEnvironments, StoreWhatHappened) {
  constexpr int kCopies = 4;
  for (const bool overlap : {false, true}) {
    Witness witness;
    witness.happened.reserve(kCopies);
    Options options = small_options(kCopies);
    options.overlap = overlap;
    options.threads = 2;
    Algorithm algorithm(options, copies_of(kCopies, std::ref(witness)));
    while (algorithm.steps() < 150) algorithm.step(150 - algorithm.steps());
    ASSERT_EQ(algorithm.steps(), 150);
    ASSERT_EQ(algorithm.replay().size(), 150);
    std::vector<std::size_t> seen(kCopies);
    std::int64_t ends = 0;
    for (std::int64_t age = 0; age < 150; age++) {
      const StoredTransition stored = algorithm.replay().at(age);
      const auto copy = static_cast<std::size_t>(stored.observation[0]) / 1'000;
      const StoredTransition& truth = witness.happened[copy].at(seen[copy]++);
      ASSERT_EQ(stored.observation, truth.observation) << age;
      ASSERT_EQ(stored.action, truth.action) << age;
      ASSERT_EQ(stored.next_observation, truth.next_observation) << age;
      ASSERT_EQ(stored.reward, truth.reward) << age;
      ASSERT_EQ(stored.terminated, truth.terminated) << age;
      ASSERT_EQ(stored.truncated, truth.truncated) << age;
      ends += stored.terminated || stored.truncated;
    }
    for (std::size_t copy = 0; copy < kCopies; copy++) EXPECT_EQ(seen[copy], witness.happened[copy].size());
    EXPECT_EQ(algorithm.episodes(), ends);
  }
}

TEST(ManyEnvironments, TheLastRoundPlaysOnlyWhatIsLeft) {
  Witness witness;
  witness.happened.reserve(4);
  Algorithm algorithm(small_options(4), copies_of(4, std::ref(witness)));
  algorithm.step();
  algorithm.step(3);
  EXPECT_EQ(algorithm.steps(), 7);
  for (std::size_t copy = 0; copy < 4; copy++) EXPECT_EQ(witness.happened[copy].size(), copy < 3 ? 2u : 1u);
  algorithm.step();  // and all continue from where they are
  EXPECT_EQ(algorithm.replay().at(10).observation[0], 3'002.0f);
  EXPECT_EQ(algorithm.replay().at(6).observation[0], 2'002.0f);
}

// Actions of each copy, and its observations too.
Script recording(std::vector<std::vector<float>>& actions, int copy, int length) {
  return {.specification = {"recording", 1, {-1.0f}, {1.0f}, 0},
          .reset = [](RandomStream&, std::span<double> observation) { observation[0] = 0.5; },
          .step =
              [&actions, copy, length](int step, std::span<const float> action, std::span<double> observation) {
                actions[static_cast<std::size_t>(copy)].push_back(action[0]);
                observation[0] = 0.5;
                return StepResult{0, false, step == length - 1};
              }};
}

// With final weights of about 0 an action is its noise. Each copy's is a process of its own, which begins anew with the
// copy's episodes alone and follows the schedule by single steps.
TEST(ManyEnvironments, EachHasItsOwnNoise) {
  Options options = small_options(3);
  options.seed = 8;
  options.learning_starts = 1'000'000;
  options.actor.final_init = 1e-9;
  options.exploration.noise = Noise::ornstein_uhlenbeck;
  options.exploration.sigma = 0.1;
  options.exploration.sigma_final = 0.2;
  options.exploration.decay_steps = 100;
  std::vector<std::vector<float>> actions(3);
  Algorithm algorithm(options, copies_of(3, [&](int copy) { return recording(actions, copy, 4 + copy); }));
  while (algorithm.steps() < 90) algorithm.step();
  for (int copy = 0; copy < 3; copy++) {
    RandomStream random(8, "exploration", static_cast<std::uint64_t>(copy));
    Exploration exploration(options.exploration, 1);
    for (int round = 0; round < 30; round++) {
      if (round % (4 + copy) == 0) exploration.reset();
      double noise = 0;
      exploration.sample(random, 3 * round + copy, std::span(&noise, 1));
      ASSERT_NEAR(actions[static_cast<std::size_t>(copy)][static_cast<std::size_t>(round)], noise, 1e-6)
          << "copy " << copy << ", round " << round;
    }
  }
}

TEST(ManyEnvironments, WarmUpForSingleSteps) {
  Options options = small_options(4);
  options.warmup_steps = 10;
  options.learning_starts = 1'000'000;
  options.actor.final_init = 1e-9;
  options.exploration.noise = Noise::none;
  std::vector<std::vector<float>> actions(4);
  Algorithm algorithm(options, copies_of(4, [&](int copy) { return recording(actions, copy, 100); }));
  for (int round = 0; round < 3; round++) algorithm.step();
  for (std::size_t copy = 0; copy < 4; copy++)
    for (std::size_t round = 0; round < 3; round++)
      EXPECT_EQ(std::fabs(actions[copy][round]) > 1e-6, 4 * round + copy < 10) << copy << " " << round;
}

// The policy as it stands before a round is what acts in it. Overlapped, that policy has done the updates due after the
// round before the last one; without overlap those due after the last.
TEST(ManyEnvironments, OverlapMakesActionsOneRoundStalerAndNoMore) {
  Options options = small_options(2);
  options.exploration.noise = Noise::none;
  Options overlapped = options;
  overlapped.overlap = true;
  std::vector<std::vector<float>> actions(2);
  Algorithm in_turn(options, copies_of(2, point));
  Algorithm beside(overlapped, copies_of(2, [&](int copy) { return recording(actions, copy, 1'000); }));
  for (int round = 0; round < 50; round++) {
    Policy policy = beside.policy({});
    std::vector<float> action(1);
    policy.act(std::vector<double>{0.5}, action);
    const std::int64_t due_before_the_last = in_turn.updates();
    beside.step();
    in_turn.step();
    ASSERT_EQ(beside.updates(), due_before_the_last) << round;
    for (const auto& copy : actions) ASSERT_EQ(copy.back(), action[0]) << round;
  }
  EXPECT_EQ(in_turn.updates(), 97);
  EXPECT_EQ(beside.updates(), 95);
  beside.learn();
  EXPECT_EQ(beside.updates(), 97);
}

TEST(ManyEnvironments, OverlapStepsOnAnotherThreadWhileThisOneLearns) {
  Options options = small_options(1);
  options.overlap = true;
  options.actor.hidden = options.critic.hidden = {64, 64};
  options.batch_size = 64;
  int elsewhere = 0;
  Script script = point();
  script.step = [step = script.step, &elsewhere, here = std::this_thread::get_id()](
                    int at, std::span<const float> action, std::span<double> observation) {
    if (std::this_thread::get_id() != here) elsewhere++;
    return step(at, action, observation);
  };
  Algorithm algorithm(options, testing::scripted(script));
  while (algorithm.steps() < 600) algorithm.step();
  EXPECT_GT(elsewhere, 0);  // mostly; the learner takes over what nobody has begun by the time it is done
}

}  // namespace
}  // namespace ddpg
