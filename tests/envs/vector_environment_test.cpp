// Copies stepped together: what each way of reset gives back, that threads change nothing, and how errors come back.
#include "ddpg/vector_environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "agent/test_environments.h"
#include "ddpg/error.h"

namespace ddpg {
namespace {

using ::testing::AllOf;
using testing::copies_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Script;
using Copies = VectorEnvironment::Copies;

constexpr float kAny[] = {0, 0, 0, 0, 0, 0, 0, 0};

std::span<const float> any_actions(int copies) {
  return std::span(kAny).first(static_cast<std::size_t>(copies));
}

// Episodes of `length` steps that end as told. Observations count on through all episodes: 0 at the first reset, then
// 1, 2, ...; what a step pays is the observation that it leads to.
Script counting(int length, bool terminates, bool truncates) {
  auto seen = std::make_shared<double>(0);
  return {.specification = {"counting", 1, {-1.0f}, {1.0f}, 0},
          .reset = [seen](RandomStream&, std::span<double> observation) { observation[0] = (*seen)++; },
          .step =
              [=](int step, std::span<const float>, std::span<double> observation) {
                observation[0] = (*seen)++;
                const bool last = step == length - 1;
                return StepResult{observation[0], last && terminates, last && truncates};
              }};
}

// All that a step tells, in one line.
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

template <class Body>
std::string failure(const Body& body) {
  try {
    body();
  } catch (const UsageError& error) {
    return std::string("usage: ") + error.what();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
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

struct OwnError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Copies from `first` on throw in their second step what `raise` throws.
Copies failing(int copies, int first, const std::function<void(int copy)>& raise) {
  return copies_of(copies, [=](int copy) {
    Script script = counting(10, true, false);
    script.step = [step = script.step, raise, copy, first](int at, std::span<const float> action,
                                                           std::span<double> observation) {
      if (at == 1 && copy >= first) raise(copy);
      return step(at, action, observation);
    };
    return script;
  });
}

TEST(VectorEnvironment, BringsBackTheErrorOfTheLowestCopyByName) {
  for (const int threads : {1, 3}) {
    VectorEnvironment environments(
        failing(8, 3, [](int copy) { throw OwnError("motor " + std::to_string(copy) + " is hot"); }), 0,
        Autoreset::same_step, threads);
    environments.reset();
    environments.step(any_actions(8));
    try {
      environments.step(any_actions(8));
      FAIL() << "no error";
    } catch (const Error& error) {
      EXPECT_STREQ(error.what(), "[environment counting] copy 3 (of 0 to 7): motor 3 is hot");
      EXPECT_THROW(std::rethrow_if_nested(error), OwnError);
    }
    EXPECT_THAT(failure([&] { environments.step(any_actions(8)); }), HasSubstr("copy 3 has not begun an episode"));
    environments.reset();
    environments.step(any_actions(8));
    EXPECT_EQ(environments.observation(0)[0], 4);  // 0, 1, 2 before; 3 at the reset
  }
}

TEST(VectorEnvironment, KeepsWrongUseWrongUseAndKnowsEverythingThatIsThrown) {
  const auto told = [](const std::function<void(int)>& raise) {
    VectorEnvironment environments(failing(2, 1, raise), 0, Autoreset::same_step);
    environments.reset();
    environments.step(any_actions(2));
    return failure([&] { environments.step(any_actions(2)); });
  };
  EXPECT_THAT(told([](int) { throw UsageError("no"); }),
              HasSubstr("usage: [environment counting] copy 1 (of 0 to 1): no"));
  EXPECT_THAT(told([](int) { throw 7; }), HasSubstr("copy 1 (of 0 to 1): it threw something"));
}

TEST(VectorEnvironment, OfOneCopyErrorsAreAsThrown) {
  VectorEnvironment environments(failing(1, 0, [](int) { throw OwnError("hot"); }), 0, Autoreset::same_step, 2);
  environments.reset();
  environments.step(any_actions(1));
  EXPECT_THROW(environments.step(any_actions(1)), OwnError);
}

TEST(VectorEnvironment, NamesTheCopyWhoseResetFails) {
  const auto stuck = [](int copy) {
    Script script = counting(1, true, false);
    script.reset = [copy, resets = 0](RandomStream&, std::span<double>) mutable {
      if (copy == 1 && resets++ == 1) throw OwnError("stuck");
    };
    return script;
  };
  VectorEnvironment same(copies_of(3, stuck), 0, Autoreset::same_step, 2);
  same.reset();
  EXPECT_THAT(failure([&] { same.step(any_actions(3)); }), HasSubstr("copy 1 (of 0 to 2): stuck"));
  VectorEnvironment disabled(copies_of(3, stuck), 0, Autoreset::disabled);
  disabled.reset();
  EXPECT_THAT(failure([&] { disabled.reset(); }), HasSubstr("copy 1 (of 0 to 2): stuck"));
}

// What the caller does meanwhile fails first, and only after every copy has come to rest.
TEST(VectorEnvironment, ErrorsMeanwhileComeAfterTheStep) {
  std::atomic<int> resting = 0;
  Script script = counting(10, true, false);
  script.step = [&resting](int, std::span<const float>, std::span<double>) -> StepResult {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    resting++;
    throw OwnError("the environment's");
  };
  VectorEnvironment environments(copies_of(4, [&] { return script; }), 0, Autoreset::same_step, 3);
  environments.reset();
  EXPECT_EQ(failure([&] { environments.step(any_actions(4), [] { throw Error("the caller's"); }); }), "the caller's");
  EXPECT_EQ(resting, 4);
}

TEST(VectorEnvironment, RefusesWhatCannotBe) {
  const auto make = [](int copies) { return copies_of(copies, testing::point); };
  EXPECT_THAT(failure([&] { VectorEnvironment(make(0), 0, Autoreset::same_step); }), HasSubstr("at least one copy"));
  Copies holed = make(2);
  holed[1] = nullptr;
  EXPECT_THAT(failure([&] { VectorEnvironment(std::move(holed), 0, Autoreset::same_step); }),
              HasSubstr("copy 1 is null"));
  Copies mixed = make(2);
  mixed.push_back(testing::scripted(counting(1, true, false)));
  EXPECT_THAT(failure([&] { VectorEnvironment(std::move(mixed), 0, Autoreset::same_step); }),
              AllOf(HasSubstr("copy 2 is counting"), HasSubstr("copy 0 is point")));
  VectorEnvironment environments(make(2), 0, Autoreset::same_step);
  EXPECT_THAT(failure([&] { environments.step(any_actions(2)); }), HasSubstr("copy 0 has not begun an episode"));
  environments.reset();
  EXPECT_THAT(failure([&] { environments.step(any_actions(3)); }),
              HasSubstr("at most 2 copies, 1 numbers each, found 3"));
  for (const int copy : {-1, 2})
    EXPECT_THAT(failure([&] { environments.observation(copy); }), HasSubstr("expected a number from 0 to 1"));
}

}  // namespace
}  // namespace ddpg
