// Goals in hindsight: which rows get one, which one, and what they are worth then.
#include "agent/hindsight.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>

#include "agent/goal_line.h"
#include "agent/learning_rule.h"
#include "agent/small_options.h"
#include "ddpg/agent.h"
#include "ddpg/error.h"
#include "ddpg/train.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

using testing::goal_line;
using ::testing::HasSubstr;

// An episode of copy c and so many steps: position 100 c, then one more after each step; the goal is -1 - c.
void play(Replay& replay, int copy, int first, int steps, bool ends, Normaliser* normaliser = nullptr) {
  const auto seen = [&](int position) {
    const std::vector<double> observation{100.0 * copy + position, -1.0 - copy};
    if (normaliser == nullptr) return observation;
    normaliser->update(observation);
    const auto stored = normaliser->from_origin(observation);
    return std::vector<double>(stored.begin(), stored.end());
  };
  if (first == 0) replay.begin_episode(seen(0), copy);
  for (int step = first; step < first + steps; step++)
    replay.add(std::vector<float>{0}, -7, false, ends && step == first + steps - 1, seen(step + 1), copy);
}

Options of_batch(int batch_size, double hindsight) {
  Options options;
  options.batch_size = batch_size;
  options.replay.hindsight = hindsight;
  return options;
}

Minibatch drawn(const Replay& replay, std::vector<std::int64_t> transitions) {
  Minibatch minibatch(static_cast<int>(transitions.size()), 2, 1);
  minibatch.index = std::move(transitions);
  replay.gather(minibatch.index, 0.9f, minibatch);
  return minibatch;
}

// Two copies in turn, in a ring that has gone round; the second one's episode is still being played.
TEST(Hindsight, GoalsAreThoseThatTheEpisodeReachedLaterAllAlike) {
  Replay replay(2, 1, 16, 2);
  play(replay, 0, 0, 5, true);
  for (int step = 0; step < 6; step++) {
    play(replay, 0, step, 1, step == 5);
    play(replay, 1, step, 1, false);
  }
  constexpr int kRows = 40'000;
  const std::int64_t of_first = 5 + 2 * 2;  // its third step: from position 2 to 3; three follow
  for (const std::int64_t transition : {of_first, of_first + 1}) {
    Minibatch minibatch = drawn(replay, std::vector<std::int64_t>(kRows, transition));
    Hindsight hindsight(of_batch(kRows, 4), goal_line().specification.goals);
    hindsight.relabel(replay, nullptr, minibatch);
    const int copy = transition == of_first ? 0 : 1;
    std::map<float, int> goals;
    for (int row = 0; row < kRows; row++) {
      const float goal = minibatch.observation.view().at(row, 1),
                  reached = minibatch.next_observation.view().at(row, 0);
      ASSERT_EQ(minibatch.next_observation.view().at(row, 1), goal);
      ASSERT_EQ(minibatch.observation.view().at(row, 0), 100.0f * static_cast<float>(copy) + 2);
      const auto i = static_cast<std::size_t>(row);
      const bool own = goal < 0;
      ASSERT_EQ(minibatch.reward[i], own ? -7 : goal == reached ? 0 : -1);
      ASSERT_EQ(minibatch.discount[i], !own && goal == reached ? 0 : 0.9f);
      goals[own ? -1 : goal - 100.0f * static_cast<float>(copy)]++;
    }
    // a fifth with its own, the rest evenly with the positions 3 to 6
    ASSERT_EQ(goals.size(), 5);
    for (const auto& [goal, count] : goals) EXPECT_NEAR(count, kRows / 5, 5 * std::sqrt(0.16 * kRows)) << goal;
  }
}

// What terminated for another reason stays so, whatever the goal.
TEST(Hindsight, WhatTerminatedStaysTerminated) {
  Replay replay(2, 1, 10);
  replay.begin_episode(std::vector<double>{0, -1});
  replay.add(std::vector<float>{0}, -7, true, false, std::vector<double>{0.5, -1});
  Goals never = goal_line().specification.goals;
  never.judge = [](std::span<const double>, std::span<const double>, std::span<StepResult> results) {
    for (StepResult& result : results) result = {.reward = 3};
  };
  Minibatch minibatch = drawn(replay, std::vector<std::int64_t>(50, 0));
  Hindsight(of_batch(50, 1e9), never).relabel(replay, nullptr, minibatch);
  for (std::size_t i = 0; i < 50; i++) {
    EXPECT_EQ(minibatch.reward[i], 3);
    EXPECT_EQ(minibatch.discount[i], 0);
  }
}

// Normalised, a row with another goal is as the observation with that goal.
TEST(Hindsight, GoalsAreNormalisedAsGoals) {
  Normaliser normaliser(2, 10);
  Replay replay(2, 1, 100);
  play(replay, 0, 0, 30, true, &normaliser);
  Minibatch minibatch = drawn(replay, std::vector<std::int64_t>(100, 29));  // from 29 to 30, the last one
  Hindsight(of_batch(100, 1e9), goal_line().specification.goals).relabel(replay, &normaliser, minibatch);
  normaliser.apply_from_origin(minibatch.observation.view());
  PanelMatrix expected(1, 2);
  normaliser.apply(std::vector<double>{29, 30}, expected.view());
  for (int row = 0; row < 100; row++)
    for (int i = 0; i < 2; i++) EXPECT_EQ(minibatch.observation.view().at(row, i), expected.view().at(0, i)) << i;
  EXPECT_THAT(minibatch.reward, ::testing::Each(0.0f));
}

std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const UsageError& error) {
    return error.what();
  }
  return "nothing was refused";
}

Options reaching(const std::string& environment) {
  Options options = testing::small_options();
  options.environment = environment;
  options.steps = 200;
  options.evaluation_episodes = 0;
  options.replay.hindsight = 4;
  return options;
}

TEST(Hindsight, WhatMakesNoSenseIsRefusedWithTheReason) {
  EXPECT_THAT(refusal([] { train(reaching("Pendulum-v1")); }),
              ::testing::AllOf(HasSubstr("replay.hindsight = 4"), HasSubstr("Pendulum-v1 has none")));
  EXPECT_THAT(refusal([] { Agent(reaching(""), {"blind", 1, {-1.0f}, {1.0f}, 0}); }), HasSubstr("blind has none"));
  Options several = reaching("PointReach-v0");
  several.n_step = 3;
  EXPECT_THAT(refusal([&] { train(several); }), HasSubstr("n_step = 3 must be 1 with replay.hindsight = 4"));
  // wrappers after which a goal is not judged by what is seen; and those that leave it as it is
  for (const char* wrapper : {"action_repeat", "observation_delay", "sensor_noise", "frame_stack"}) {
    Options wrapped = reaching("PointReach-v0");
    wrapped.env[std::string("wrap.") + wrapper] = 2;
    EXPECT_THAT(refusal([&] { train(wrapped); }), HasSubstr("a wrapper around it")) << wrapper;
  }
  Options wrapped = reaching("PointReach-v0");
  wrapped.env["wrap.time_left"] = true;
  wrapped.env["wrap.last_actions"] = 2;
  wrapped.env["wrap.action_delay"] = 1;
  EXPECT_EQ(refusal([&] { train(wrapped); }), "nothing was refused");
  wrapped.changes = {"100 env.wrap.sensor_noise=0.1"};
  EXPECT_THAT(refusal([&] { train(wrapped); }), HasSubstr("a wrapper around it"));
}

TEST(Hindsight, GoalsMustLieApartInTheObservationAndHaveAJudge) {
  const Specification sound = goal_line().specification;
  const auto wrong = [&](Goals goals) {
    Specification specification = sound;
    specification.goals = std::move(goals);
    return violations(Options(), specification).size();
  };
  const auto judge = sound.goals.judge;
  EXPECT_EQ(wrong(sound.goals), 0);
  EXPECT_EQ(wrong({1, 0, 2, judge}), 1);
  EXPECT_EQ(wrong({1, -1, 1, judge}), 1);
  EXPECT_EQ(wrong({1, 1, 1, judge}), 1);
  EXPECT_EQ(wrong({2, 0, 1, judge}), 1);
  EXPECT_EQ(wrong({-1, 0, 1, judge}), 1);
  EXPECT_EQ(wrong({1, 0, 1, nullptr}), 1);
}

// What a judge gets wrong is named before anything is learnt from it, and an update that it keeps from being made is
// none: what is due stays due, and the agent can be saved and loaded.
TEST(Hindsight, AJudgeThatFailsCostsNothing) {
  const testing::TemporaryFolder folder;
  const std::string file = (folder.path() / "agent").string();
  Specification world = goal_line().specification;
  auto judging = std::make_shared<Goals>(world.goals);
  world.goals.judge = [=](auto achieved, auto desired, auto results) { judging->judge(achieved, desired, results); };
  Options options = reaching("");
  options.replay.hindsight = 1e9;  // every row
  options.updates_per_step = 0.5;
  Agent agent(options, world);
  agent.begin_episode(0, std::vector<double>{0, 1});
  for (int step = 0; step < 20; step++)
    agent.observe(0, std::vector<float>{0}, {.reward = -1}, std::vector<double>{0.1 * step, 1});
  const std::int64_t due = agent.updates_due();
  ASSERT_GT(due, 0);
  const auto value = [&] { return agent.value(std::vector<double>{0, 0.5}, std::vector<float>{0}); };
  const double before = value();

  judging->judge = [](auto, auto, std::span<StepResult>) { throw std::runtime_error("no judge today"); };
  EXPECT_THROW(agent.update(3), std::runtime_error);
  EXPECT_THROW(agent.learn(), std::runtime_error);
  judging->judge = [](auto, auto, std::span<StepResult> results) { results.back().reward = std::nan(""); };
  EXPECT_THAT([&] { agent.update(3); },
              ::testing::ThrowsMessage<Error>(::testing::AllOf(
                  HasSubstr("the judge of the task's goals"), HasSubstr("a reward of nan"), HasSubstr("the goal: ["))));
  EXPECT_THROW(agent.learn(), Error);

  EXPECT_EQ(agent.updates(), 0);
  EXPECT_EQ(agent.updates_due(), due);
  EXPECT_EQ(value(), before);
  agent.save(file);
  judging->judge = goal_line().specification.goals.judge;
  Agent loaded = Agent::load(file, world.goals);
  EXPECT_EQ(loaded.learn(), due);
}

// An agent of the caller's own loop, saved and loaded: the file has no judge, which comes from the caller.
TEST(Hindsight, AnAgentIsLoadedWithItsGoals) {
  const testing::TemporaryFolder folder;
  const std::string file = (folder.path() / "agent").string();
  const testing::Script line = goal_line();
  Agent agent(reaching(""), line.specification);
  const auto play_on = [&](Agent& one, std::uint64_t seed) {
    RandomStream random(seed);
    std::vector<double> observation(2);
    std::vector<float> action(1);
    for (int episode = 0; episode < 5; episode++) {
      line.reset(random, observation);
      one.begin_episode(0, observation);
      for (int step = 0; one.in_episode(0); step++) {
        one.act(0, action);
        const StepResult result = line.step(step, action, observation);
        one.observe(0, action, result, observation);
        one.learn();
      }
    }
    return one.value(std::vector<double>{0, 0.5}, action);
  };
  play_on(agent, 1);
  agent.save(file);
  Agent loaded = Agent::load(file, line.specification.goals);
  EXPECT_EQ(play_on(agent, 2), play_on(loaded, 2));
  EXPECT_THAT(refusal([&] { Agent::load(file); }), HasSubstr("give Agent::load the goals"));
}

}  // namespace
}  // namespace ddpg
