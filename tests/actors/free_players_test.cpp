// Players that play on their own: what they live is learnt from, in order and at the pace asked for; a loss costs its
// player alone; a training is resumed.
#include "actors/free_players.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "actors/player.h"
#include "actors/players.h"
#include "actors/worlds.h"
#include "agent/test_environments.h"
#include "ddpg/error.h"
#include "ddpg/train.h"
#include "run/rows.h"
#include "run/training.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

using ::testing::HasSubstr;
using testing::in_worlds_apart;
using testing::played_by;
using testing::Players;
using testing::Rows;
using testing::small_run;

TEST(FreePlayers, AreLearntFromAtThePaceAskedFor) {
  const Options options = in_worlds_apart();
  const Players players(3);
  Rows rows;
  const TrainingResult result = train(options, {&rows}, nullptr, {}, played_by(players.learner()));
  EXPECT_EQ(result.summary.steps, 300);
  EXPECT_EQ(result.summary.updates, 250);  // one for each step after the first 50
  EXPECT_GE(result.summary.episodes, 300 / 20 - 3);
  EXPECT_EQ(result.summary.outcome, Outcome::finished);
  EXPECT_EQ(rows.warnings, std::vector<std::string>());
}

// Room is made for it in the replay buffer while a checkpoint copies its rows.
TEST(FreePlayers, StoreABlockInAStep) {
  const Players players(2);
  const Options options = in_worlds_apart();
  FreePlayers loop(players.learner(), options, make_environment(options.environment, options.env)->specification(), {});
  std::int64_t most = 0;
  for (int i = 0; i < 5; i++) {
    const std::int64_t before = loop.steps();
    loop.step(1'000, nullptr);
    most = std::max(most, loop.steps() - before);
  }
  EXPECT_GT(most, 1);
  EXPECT_LE(most, loop.most_of_a_step());
}

TEST(FreePlayers, CountNoMoreThanWasSent) {
  const std::string bytes = Parcel(Word::state).put(std::uint64_t{3}).put(1.0).put(2.0).take();
  EXPECT_THROW(Unpacking(bytes).get_count(sizeof(double)), Error);
  EXPECT_EQ(Unpacking(bytes).get_count(1), 3u);
}

TEST(FreePlayers, AreResumedWithAsMany) {
  testing::TemporaryFolder folder;
  const std::string checkpoints = (folder.path() / "checkpoints").string();
  const Options options = small_run(600);
  Rows rows;
  rows.stop_at = 200;
  {
    const Players players(2);
    train(options, {&rows}, &rows.stop, checkpoints, played_by(players.learner()));
  }
  EXPECT_EQ(rows.summary.outcome, Outcome::interrupted);
  {
    const Players players(3);
    EXPECT_THAT([&] { resume(options, checkpoints, {}, nullptr, played_by(players.learner())); },
                ::testing::ThrowsMessage<UsageError>(HasSubstr("resume it with 3 processes")));
  }
  const Players players(2);
  const TrainingResult result = resume(options, checkpoints, {&rows}, nullptr, played_by(players.learner()));
  EXPECT_EQ(result.summary.steps, 600);
  EXPECT_EQ(result.summary.updates, 550);
}

// The replay buffer goes round while a checkpoint is copied; ThreadSanitizer sees what is written over.
TEST(FreePlayers, ACheckpointIsNotOutrun) {
  testing::TemporaryFolder folder;
  const std::string checkpoints = (folder.path() / "checkpoints").string();
  Options options = small_run(4'000);
  options.replay_capacity = 200;
  options.checkpoint_interval = 100;
  {
    const Players players(2);
    train(options, {}, nullptr, checkpoints, played_by(players.learner()));
  }
  options.steps = 4'200;
  const Players players(2);
  EXPECT_EQ(resume(options, checkpoints, {}, nullptr, played_by(players.learner())).summary.steps, 4'200);
}

// One member sends the beginning of a block and is gone; one plays as ever.
TEST(FreePlayers, ALossCostsItsPlayerAlone) {
  const Options options = small_run(2'000);
  auto members = LocalGroup::of(3);
  const std::shared_ptr<LocalGroup> learner = std::move(members[0]);
  std::thread lasting([&] { play_for(*members[1]); });
  members[2]->die();
  Rows rows;
  const TrainingResult result = train(options, {&rows}, nullptr, {}, played_by(learner));
  send_home(*learner);
  lasting.join();
  EXPECT_EQ(result.summary.steps, 2'000);
  ASSERT_EQ(rows.warnings.size(), 1u);
  EXPECT_THAT(rows.warnings[0], HasSubstr("process 2 is gone"));
  EXPECT_THAT(rows.warnings[0], HasSubstr("1 still play"));
}

TEST(FreePlayers, WithoutAnyATrainingEndsWithACheckpoint) {
  testing::TemporaryFolder folder;
  const std::string checkpoints = (folder.path() / "checkpoints").string();
  auto members = LocalGroup::of(2);
  const std::shared_ptr<LocalGroup> learner = std::move(members[0]);
  members[1]->die();
  EXPECT_THAT([&] { train(small_run(300), {}, nullptr, checkpoints, played_by(learner)); },
              ::testing::ThrowsMessage<OutOfPlayers>(HasSubstr("nobody is left")));
  const Players players(1);
  EXPECT_EQ(resume(small_run(300), checkpoints, {}, nullptr, played_by(players.learner())).summary.steps, 300);
}

TEST(FreePlayers, WhatFailsThereIsToldHere) {
  Options options = in_worlds_apart(7);
  options.evaluation_episodes = 0;
  const Players players(2);
  EXPECT_THAT(
      [&] { train(options, {}, nullptr, {}, played_by(players.learner())); },
      ::testing::ThrowsMessage<Error>(::testing::AllOf(HasSubstr("process "), HasSubstr("the gears are stuck"))));
}

// Options for a point that `change` has changed.
template <class Change>
Options in_changed_point(const Change& change) {
  register_environment({.name = "ChangedPoint-v0", .make = [change](const EnvironmentSettings&) {
                          testing::Script script = testing::point();
                          script.specification.name = "ChangedPoint-v0";
                          change(script);
                          return testing::scripted(script);
                        }});
  Options options = small_run(300);
  options.environment = "ChangedPoint-v0";
  options.evaluation_episodes = 0;
  return options;
}

TEST(FreePlayers, WhatIsNoExceptionIsToldToo) {
  for (const bool in_reset : {true, false}) {
    const Options options = in_changed_point([in_reset](testing::Script& script) {
      if (in_reset)
        script.reset = [](auto&, auto) { throw 42; };
      else
        script.step = [](int, auto, auto) -> StepResult { throw 42; };
    });
    const Players players(1);
    EXPECT_THAT([&] { train(options, {}, nullptr, {}, played_by(players.learner())); },
                ::testing::ThrowsMessage<Error>(HasSubstr("process 1: it threw something that is no std::exception")));
  }
}

// As in one process: it must come neither to the normaliser nor to the replay buffer. Episodes have 20 steps.
TEST(FreePlayers, AStartThatIsNotWrittenIsNamedWithItsStep) {
  const Options options = in_changed_point([](testing::Script& script) {
    script.reset = [begin = script.reset, episodes = std::make_shared<int>(0)](RandomStream& random, auto observation) {
      if (++*episodes < 3) begin(random, observation);
    };
  });
  const Players players(1);
  EXPECT_THAT([&] { train(options, {}, nullptr, {}, played_by(players.learner())); },
              ::testing::ThrowsMessage<Error>(
                  HasSubstr("process 1: [environment ChangedPoint-v0] step 40 of this player: observation[0] is nan")));
}

TEST(FreePlayers, ANumberTooManyIsFound) {
  const Options options = in_changed_point([](testing::Script& script) {
    script.step = [step = script.step](int number, auto action, auto observation) {
      observation.data()[1] = 0;
      return step(number, action, observation);
    };
  });
  const Players players(1);
  EXPECT_THAT([&] { train(options, {}, nullptr, {}, played_by(players.learner())); },
              ::testing::ThrowsMessage<UsageError>(HasSubstr("it wrote more than the 1 numbers of its observation")));
}

TEST(FreePlayers, ABreakdownInEachFirstStepEndsTheTraining) {
  const Options options = in_changed_point(
      [](testing::Script& script) { script.step = [](int, auto, auto) { return StepResult{.broke_down = true}; }; });
  const Players players(1);
  EXPECT_THAT([&] { train(options, {}, nullptr, {}, played_by(players.learner())); },
              ::testing::ThrowsMessage<Error>(HasSubstr("100 episodes in a row broke down in their first step")));
}

// What a step that broke down leaves behind is no observation.
TEST(FreePlayers, ABreakdownDoesNotComeToTheNormaliser) {
  Options options = in_changed_point([](testing::Script& script) {
    script.step = [step = script.step](int number, auto action, auto observation) {
      return number == 3 ? StepResult{.broke_down = true} : step(number, action, observation);
    };
  });
  options.normalise_observations = true;
  const Players players(1);
  EXPECT_EQ(train(options, {}, nullptr, {}, played_by(players.learner())).summary.steps, 300);
}

TEST(FreePlayers, WhatNeedsOneProcessIsRefused) {
  for (const auto& [key, value] : {std::pair{"environments", "2"}, {"overlap", "true"}, {"evaluate_on", "training"}}) {
    Options asked = small_run(100);
    set_option(asked, key, value);
    const Players players(1);
    EXPECT_THAT([&] { train(asked, {}, nullptr, {}, played_by(players.learner())); },
                ::testing::ThrowsMessage<UsageError>(HasSubstr(key)));
  }
}

}  // namespace
}  // namespace ddpg
