// Copies stepped together: what each way of reset gives back, and that threads change nothing.
#include "ddpg/vector_environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "envs/counting_copies.h"

namespace ddpg {
namespace {

using ::testing::AllOf;
using testing::any_actions;
using testing::copies_of;
using testing::counting;
using ::testing::ElementsAre;
using testing::failure;
using ::testing::HasSubstr;
using testing::Script;
using Copies = VectorEnvironment::Copies;

// All that a step gives, in one line.
std::string told(const VectorEnvironment& environments, int copy) {
  const StepResult result = environments.result(copy);
  std::string text = environments.played(copy) ? "played" : "reset";
  text += " " + std::to_string(static_cast<int>(result.reward));
  if (result.terminated) text += " terminated";
  if (result.truncated) text += " truncated";
  text += " next " + std::to_string(static_cast<int>(environments.next_observation(copy)[0]));
  text += " act on " + std::to_string(static_cast<int>(environments.observation(copy)[0]));
  return text + (environments.awaits_reset(copy) ? " over" : "");
}

std::vector<std::string> story(Autoreset autoreset, const Script& script, int steps) {
  VectorEnvironment environments(copies_of(1, [&] { return script; }), 0, autoreset);
  environments.reset();
  std::vector<std::string> story = {told(environments, 0)};
  for (int i = 0; i < steps; i++) {
    environments.step(any_actions(1));
    story.push_back(told(environments, 0));
    if (autoreset != Autoreset::disabled || !environments.awaits_reset(0)) continue;
    environments.reset(0);
    story.push_back(told(environments, 0));
  }
  return story;
}

TEST(VectorEnvironment, SameStepGivesTheTrueLastObservationBesideTheFirstOfTheNext) {
  EXPECT_THAT(story(Autoreset::same_step, counting(2, true, false), 4),
              ElementsAre("reset 0 next 0 act on 0", "played 1 next 1 act on 1", "played 2 terminated next 2 act on 3",
                          "played 4 next 4 act on 4", "played 5 terminated next 5 act on 6"));
}

TEST(VectorEnvironment, NextStepSpendsAStepThatPlaysNothing) {
  EXPECT_THAT(
      story(Autoreset::next_step, counting(2, false, true), 4),
      ElementsAre("reset 0 next 0 act on 0", "played 1 next 1 act on 1", "played 2 truncated next 2 act on 2 over",
                  "reset 0 next 3 act on 3", "played 4 next 4 act on 4"));
}

TEST(VectorEnvironment, DisabledLeavesTheResetToTheCaller) {
  EXPECT_THAT(story(Autoreset::disabled, counting(2, true, true), 3),
              ElementsAre("reset 0 next 0 act on 0", "played 1 next 1 act on 1",
                          "played 2 terminated truncated next 2 act on 2 over", "reset 0 next 3 act on 3",
                          "played 4 next 4 act on 4"));
}

TEST(VectorEnvironment, TellsEveryEndInEveryWayAlsoOfEpisodesOfOneStep) {
  for (const auto& [terminates, truncates, end] :
       {std::tuple(true, false, " terminated"), std::tuple(false, true, " truncated"),
        std::tuple(true, true, " terminated truncated")}) {
    const Script script = counting(1, terminates, truncates);
    const std::string ended = end;
    EXPECT_THAT(story(Autoreset::same_step, script, 2),
                ElementsAre("reset 0 next 0 act on 0", "played 1" + ended + " next 1 act on 2",
                            "played 3" + ended + " next 3 act on 4"));
    EXPECT_THAT(story(Autoreset::next_step, counting(1, terminates, truncates), 3),
                ElementsAre("reset 0 next 0 act on 0", "played 1" + ended + " next 1 act on 1 over",
                            "reset 0 next 2 act on 2", "played 3" + ended + " next 3 act on 3 over"));
    EXPECT_THAT(
        story(Autoreset::disabled, counting(1, terminates, truncates), 2),
        ElementsAre("reset 0 next 0 act on 0", "played 1" + ended + " next 1 act on 1 over", "reset 0 next 2 act on 2",
                    "played 3" + ended + " next 3 act on 3 over", "reset 0 next 4 act on 4"));
  }
}

TEST(VectorEnvironment, DisabledRefusesToStepWhatHasEnded) {
  Copies copies = copies_of(3, [](int copy) { return counting(copy == 1 ? 1 : 5, true, false); });
  VectorEnvironment environments(std::move(copies), 0, Autoreset::disabled);
  environments.reset();
  environments.step(any_actions(3));
  EXPECT_THAT(failure([&] { environments.step(any_actions(3)); }),
              AllOf(HasSubstr("usage: [vector environment] copy 1"), HasSubstr("ended"), HasSubstr("reset(1)")));
  EXPECT_EQ(environments.observation(0)[0], 1);  // nobody was stepped
  environments.reset(1);
  environments.step(any_actions(3));
  EXPECT_EQ(environments.observation(0)[0], 2);
  EXPECT_EQ(environments.observation(1)[0], 3);
}

TEST(VectorEnvironment, StepsOnlyTheFirstCopiesWhenToldSo) {
  VectorEnvironment environments(copies_of(3, [] { return counting(5, true, false); }), 0, Autoreset::same_step, 2);
  environments.reset();
  environments.step(any_actions(2));
  environments.step(any_actions(1));
  EXPECT_EQ(environments.observation(0)[0], 2);
  EXPECT_EQ(environments.observation(1)[0], 1);
  EXPECT_EQ(environments.observation(2)[0], 0);
}

// A random walk from a random place, its length random too; it sleeps or not, whatever the seed.
Script walk() {
  auto state = std::make_shared<double>(0);
  auto own = std::make_shared<RandomStream>(0);
  return {.specification = {"walk", 1, {-1.0f, -1.0f}, {1.0f, 1.0f}, 0},
          .reset =
              [=](RandomStream& random, std::span<double> observation) {
                observation[0] = *state = random.uniform();
                *own = RandomStream(random.bits());
              },
          .step =
              [=](int, std::span<const float> action, std::span<double> observation) {
                static std::atomic<int> calls = 0;
                if (calls++ % 7 == 0) std::this_thread::sleep_for(std::chrono::microseconds(calls % 50));
                observation[0] = *state += own->normal() + action[0] - action[1];
                return StepResult{own->uniform(), own->uniform() < 0.1, own->uniform() < 0.1};
              }};
}

std::vector<double> walked(int copies, int threads, Autoreset autoreset, bool meanwhile) {
  VectorEnvironment environments(copies_of(copies, walk), 5, autoreset, threads);
  environments.reset();
  std::vector<double> all;
  std::vector<float> actions(static_cast<std::size_t>(2 * copies));
  int elsewhere = 0;
  for (int step = 0; step < 100; step++) {
    for (std::size_t i = 0; i < actions.size(); i++) actions[i] = static_cast<float>(i) * 0.1f;
    meanwhile ? environments.step(actions, [&elsewhere] { elsewhere++; }) : environments.step(actions);
    for (int copy = 0; copy < copies; copy++) {
      all.insert(all.end(), {environments.observation(copy)[0], environments.next_observation(copy)[0],
                             environments.result(copy).reward});
      if (autoreset == Autoreset::disabled && environments.awaits_reset(copy)) environments.reset(copy);
    }
  }
  EXPECT_EQ(elsewhere, meanwhile ? 100 : 0);
  return all;
}

TEST(VectorEnvironment, ThreadsChangeNothing) {
  for (const Autoreset autoreset : {Autoreset::next_step, Autoreset::same_step, Autoreset::disabled}) {
    const std::vector<double> alone = walked(6, 1, autoreset, false);
    for (const int threads : {1, 2, 3, 8})
      for (const bool meanwhile : {false, true}) EXPECT_EQ(walked(6, threads, autoreset, meanwhile), alone);
  }
}

// Each copy does what it would do among fewer; no two do the same.
TEST(VectorEnvironment, EachCopyHasItsOwnStream) {
  VectorEnvironment few(copies_of(2, walk), 5, Autoreset::same_step), many(copies_of(5, walk), 5, Autoreset::same_step);
  few.reset();
  many.reset();
  EXPECT_EQ(few.observation(0)[0], RandomStream(5, "environment").uniform());
  EXPECT_EQ(few.observation(1)[0], RandomStream(5, "environment", 1).uniform());
  for (int copy = 0; copy < 2; copy++) EXPECT_EQ(few.observation(copy)[0], many.observation(copy)[0]);
  for (int copy = 1; copy < 5; copy++) EXPECT_NE(many.observation(copy - 1)[0], many.observation(copy)[0]);
}

TEST(VectorEnvironment, UsesItsThreads) {
  std::atomic<int> arrived = 0;
  const Script meeting = {.specification = {"meeting", 1, {-1.0f}, {1.0f}, 0},
                          .reset = [](RandomStream&, std::span<double>) {},
                          .step =
                              [&arrived](int, std::span<const float>, std::span<double>) {
                                arrived++;
                                while (arrived < 2) std::this_thread::yield();  // for the other copy
                                return StepResult{};
                              }};
  VectorEnvironment environments(copies_of(2, [&] { return meeting; }), 0, Autoreset::same_step, 2);
  environments.reset();
  environments.step(any_actions(2));
  EXPECT_EQ(arrived, 2);
}

TEST(VectorEnvironment, StepsWhileTheCallerDoesSomethingElse) {
  std::atomic<bool> stepped = false;
  Script script = testing::point();
  script.step = [&stepped](int, std::span<const float>, std::span<double>) {
    stepped = true;
    return StepResult{};
  };
  VectorEnvironment environments(copies_of(1, [&] { return script; }), 0, Autoreset::same_step, 2);
  environments.reset();
  environments.step(any_actions(1), [&stepped] {
    while (!stepped) std::this_thread::yield();
  });
}

}  // namespace
}  // namespace ddpg
