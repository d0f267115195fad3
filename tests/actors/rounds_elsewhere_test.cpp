// A training whose environments are in other processes comes to the bits of one that has them all; what fails there is
// told here.
#include "actors/rounds_elsewhere.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/players.h"
#include "actors/worlds.h"
#include "agent/test_environments.h"
#include "ddpg/error.h"
#include "ddpg/train.h"
#include "run/rows.h"
#include "run/training.h"
#include "support/divergence.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

using ::testing::HasSubstr;
using testing::in_worlds_apart;
using testing::Players;
using testing::Rows;
using testing::small_run;

Elsewhere rounds_of(const Players& players) {
  return {[rounds = std::make_shared<RoundsElsewhere>(players.learner())](const Options& options) {
    return rounds->copies(options);
  }};
}

std::string learnt(const Policy& policy, const testing::TemporaryFolder& folder) {
  const std::string file = (folder.path() / "policy.ddpg").string();
  policy.save(file);
  return read_file(file);
}

class RoundsOfOthers : public ::testing::Test {
 protected:
  // Here, on so many others, and on others again after a stop in the middle.
  void expect_same(const Options& options, int players) {
    Rows here, there, cut;
    const std::string policy = learnt(train(options, {&here}).policy, folder_);
    {
      const Players others(players);
      EXPECT_EQ(learnt(train(options, {&there}, nullptr, {}, rounds_of(others)).policy, folder_), policy);
    }
    EXPECT_EQ(there.lines, here.lines);
    const std::string checkpoints = (folder_.path() / "checkpoints").string();
    cut.stop_at = options.steps / 2;
    {
      const Players others(players);
      train(options, {&cut}, &cut.stop, checkpoints, rounds_of(others));
    }
    const Players fewer(1);
    EXPECT_EQ(learnt(resume(options, checkpoints, {&cut}, nullptr, rounds_of(fewer)).policy, folder_), policy);
    EXPECT_EQ(cut.lines, here.lines);
  }

  testing::TemporaryFolder folder_;
};

TEST_F(RoundsOfOthers, ComeToTheSameBits) {
  Options options = small_run(400);
  options.environments = 5;
  expect_same(options, 2);
}

TEST_F(RoundsOfOthers, ComeToTheSameBitsOverlappedOnManyThreadsWithMetrics) {
  Options options = in_worlds_apart();
  options.environments = 4;
  options.threads = 3;
  options.overlap = true;
  expect_same(options, 3);
}

// One checkpoint serves both, in the middle of episodes too: a training may be cut in lockstep and resumed by one
// process, and the other way round.
TEST_F(RoundsOfOthers, AreResumedInOneProcessAndTakeOverFromOne) {
  Options options = small_run(400);
  options.environments = 2;
  Rows here;
  const std::string policy = learnt(train(options, {&here}).policy, folder_);
  for (const bool begins_in_lockstep : {true, false}) {
    SCOPED_TRACE(begins_in_lockstep);
    const std::string checkpoints = (folder_.path() / (begins_in_lockstep ? "apart" : "together")).string();
    const Players others(2);
    const Elsewhere first = begins_in_lockstep ? rounds_of(others) : Elsewhere{},
                    then = begins_in_lockstep ? Elsewhere{} : rounds_of(others);
    Rows cut;
    cut.stop_at = 130;
    train(options, {&cut}, &cut.stop, checkpoints, first);
    EXPECT_EQ(learnt(resume(options, checkpoints, {&cut}, nullptr, then).policy, folder_), policy);
    EXPECT_GE(cut.begun_at, 130);  // from a start anew it would come to the same bits
    EXPECT_EQ(cut.lines, here.lines);
  }
}

TEST_F(RoundsOfOthers, AFailureIsNamedWithItsProcess) {
  Options options = in_worlds_apart(7);
  options.environments = 2;
  options.evaluation_episodes = 0;
  const Players others(2);
  try {
    train(options, {}, nullptr, {}, rounds_of(others));
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("process "));
    EXPECT_THAT(error.what(), HasSubstr("the gears are stuck"));
  }
}

TEST_F(RoundsOfOthers, WhatIsNoExceptionIsToldToo) {
  for (const bool in_reset : {true, false}) {
    register_environment({.name = "Odd-v0", .make = [in_reset](const EnvironmentSettings&) {
                            testing::Script script = testing::point();
                            script.specification.name = "Odd-v0";
                            if (in_reset)
                              script.reset = [](auto&, auto) { throw 42; };
                            else
                              script.step = [](int, auto, auto) -> StepResult { throw 42; };
                            return testing::scripted(script);
                          }});
    Options options = small_run(100);
    options.environment = "Odd-v0";
    options.evaluation_episodes = 0;
    const Players others(1);
    EXPECT_THAT([&] { train(options, {}, nullptr, {}, rounds_of(others)); },
                ::testing::ThrowsMessage<Error>(HasSubstr("process 1: it threw something that is no std::exception")));
  }
}

// By a start of an episode as by a step.
TEST_F(RoundsOfOthers, WhatIsNotWrittenIsFoundAndWhatIsWrittenBeyond) {
  for (const bool in_reset : {true, false})
    for (const bool too_many : {true, false}) {
      const auto write = [=](bool resets, std::span<double> observation) {
        if (resets != in_reset || too_many) observation[0] = 0;
        if (resets == in_reset && too_many) observation.data()[1] = 0;
      };
      register_environment({.name = "Careless-v0", .make = [write](const EnvironmentSettings&) {
                              return testing::scripted(
                                  {.specification = {"Careless-v0", 1, {-1}, {1}, 10},
                                   .reset = [write](RandomStream&, auto observation) { write(true, observation); },
                                   .step =
                                       [write](int, auto, auto observation) {
                                         write(false, observation);
                                         return StepResult{};
                                       }});
                            }});
      Options options = small_run(100);
      options.environment = "Careless-v0";
      options.evaluation_episodes = 0;
      const Players others(1);
      EXPECT_THAT([&] { train(options, {}, nullptr, {}, rounds_of(others)); },
                  ::testing::ThrowsMessage<Error>(HasSubstr(
                      too_many ? "it wrote more than the 1 numbers of its observation" : "observation[0] is nan")));
    }
}

TEST_F(RoundsOfOthers, WhatNeedsOneProcessIsRefused) {
  Options options = small_run(100);
  for (const auto& [key, value] :
       {std::pair{"step_timeout", "2"}, {"on_breakdown", "end_episode"}, {"evaluate_on", "training"}}) {
    Options asked = options;
    set_option(asked, key, value);
    const Players others(1);
    EXPECT_THAT([&] { train(asked, {}, nullptr, {}, rounds_of(others)); },
                ::testing::ThrowsMessage<UsageError>(HasSubstr(key)));
  }
}

TEST_F(RoundsOfOthers, ALossEndsTheTrainingWithWhatToDo) {
  Options options = small_run(100);
  auto members = LocalGroup::of(2);
  members[1]->die();
  const auto rounds = std::make_shared<RoundsElsewhere>(std::shared_ptr<Group>(std::move(members[0])));
  EXPECT_THAT([&] { rounds->copies(options); },
              ::testing::Throws<Error>(::testing::AllOf(::testing::Property(&Error::what, HasSubstr("resume the run")),
                                                        ::testing::Truly([](const Error& error) {
                                                          return is_a<Lost>(error);
                                                        }))));  // and not of the simulator
}

}  // namespace
}  // namespace ddpg
