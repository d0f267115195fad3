// What a world's failures end: an episode, a test, the training.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "ddpg/error.h"
#include "ddpg/train.h"
#include "envs/made_again.h"
#include "run/checkpoint_contents.h"
#include "run/own_world.h"
#include "run/rows.h"
#include "support/divergence.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

using testing::differences;
using ::testing::HasSubstr;
using testing::in_world;
using ::testing::IsEmpty;
using testing::kept;
using testing::Rows;
using testing::WorldLog;

TEST(Breakdown, ABreakdownEndsItsEpisodeWhereThatIsAsked) {
  auto log = std::make_shared<WorldLog>();
  log->fails_at = 5;
  Options options = in_world(log);
  EXPECT_THROW(train(options), Error);

  options.on_breakdown = OnBreakdown::end_episode;
  options.checkpoint_interval = 60;
  const testing::TemporaryFolder folder;
  Rows expected, rows;
  const Summary summary = train(options, {&expected}, nullptr, folder.path() / "straight").summary;
  EXPECT_EQ(summary.steps, 300);
  EXPECT_THAT(expected.warnings, ::testing::Contains(HasSubstr("the gears are stuck")));
  rows.stop_at = 137;
  train(options, {&rows}, &rows.stop, folder.path() / "cut");
  resume(options, folder.path() / "cut", {&rows});
  EXPECT_EQ(rows.lines, expected.lines);
  EXPECT_THAT(differences(kept(folder.path() / "straight"), kept(folder.path() / "cut")), IsEmpty());
}

// Whether it throws or says so, and whether that ends its episode or would end the training: nothing is ever learnt.
TEST(Breakdown, ABreakdownInEachFirstStepEndsTheTraining) {
  for (const bool throws : {true, false})
    for (const OnBreakdown on_breakdown : {OnBreakdown::end_episode, OnBreakdown::stop}) {
      const auto steps = std::make_shared<int>(0);
      register_environment({.name = "Broken-v0", .make = [throws, steps](const EnvironmentSettings&) {
                              struct Broken : Environment {
                                Broken(bool by_throwing, std::shared_ptr<int> count)
                                    : throws(by_throwing), steps(std::move(count)) {}
                                bool throws;
                                std::shared_ptr<int> steps;
                                Specification s{"Broken-v0", 1, {-1}, {1}, 10};
                                const Specification& specification() const override { return s; }
                                void reset(RandomStream&, std::span<double> o) override { o[0] = 0; }
                                StepResult step(std::span<const float>, std::span<double>) override {
                                  ++*steps;
                                  if (throws) throw Error("no power");
                                  return {.broke_down = true};
                                }
                              };
                              return std::make_unique<Broken>(throws, steps);
                            }});
      Options options = testing::small_run(300);
      options.environment = "Broken-v0";
      options.evaluation_episodes = 0;
      options.on_breakdown = on_breakdown;
      try {
        train(options);
        ADD_FAILURE() << "it ended as if steps had been made";
      } catch (const Error& error) {
        const bool at_once = throws && on_breakdown == OnBreakdown::stop;
        EXPECT_EQ(*steps, at_once ? 1 : 100);
        EXPECT_EQ(is_a<NeverSteps>(error), !at_once);
        EXPECT_THAT(error.what(), HasSubstr(at_once ? "no power" : "[environment Broken-v0] 100 episodes in a row"));
        EXPECT_THAT(error.what(), HasSubstr(throws ? "no power" : "broke down in their first step"));
      }
    }
}

// A world whose objects know which copy they are; the start of an episode fails when `fails` says so.
struct NumberedLog {
  std::mutex mutex;
  std::vector<int> made, made_again;
  std::function<bool(int number, int resets)> fails;
};
class Numbered final : public Environment, public MadeAgain {
 public:
  Numbered(int number, std::shared_ptr<NumberedLog> log) : number_(number), log_(std::move(log)) {}
  const Specification& specification() const override { return specification_; }
  EnvironmentFactory maker() const override {
    return [number = number_, log = log_](const EnvironmentSettings&) {
      const std::lock_guard lock(log->mutex);
      log->made_again.push_back(number);
      return std::make_unique<Numbered>(number, log);
    };
  }
  void reset(RandomStream& random, std::span<double> observation) override {
    observation[0] = random.uniform(-1, 1);
    if (log_->fails(number_, resets_++)) throw Error("the door is closed");
  }
  StepResult step(std::span<const float> action, std::span<double> observation) override {
    observation[0] = action[0];
    return {-1};
  }

 private:
  int number_, resets_ = 0;
  std::shared_ptr<NumberedLog> log_;
  Specification specification_{"Numbered-v0", 1, {-1}, {1}, 10};
};

Options in_numbered(const std::shared_ptr<NumberedLog>& log, std::function<bool(int, int)> fails) {
  log->fails = std::move(fails);
  register_environment({.name = "Numbered-v0", .make = [log](const EnvironmentSettings&) {
                          log->made.push_back(CopyNumber::current());
                          return std::make_unique<Numbered>(CopyNumber::current(), log);
                        }});
  Options options = testing::small_run(300);
  options.environment = "Numbered-v0";
  options.on_breakdown = OnBreakdown::end_episode;
  options.environments = options.threads = 3;
  options.step_timeout = 60;
  return options;
}

TEST(Breakdown, AnEpisodeThatCannotBeginIsTriedAgainByAnotherObjectOfThatCopy) {
  const auto log = std::make_shared<NumberedLog>();
  const Options options = in_numbered(log, [](int number, int resets) { return number != 1 && resets == 3; });
  Rows rows;
  EXPECT_EQ(train(options, {&rows}).summary.steps, 300);
  EXPECT_THAT(log->made, ::testing::ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(std::set(log->made_again.begin(), log->made_again.end()), ::testing::ElementsAre(0, 2, 3));
  EXPECT_THAT(rows.warnings, ::testing::Contains(HasSubstr("the start of an episode failed")));
  EXPECT_THAT(rows.warnings, ::testing::Contains(HasSubstr("the door is closed")));
}

TEST(Breakdown, AStartThatAlwaysFailsEndsTheTraining) {
  for (const int first : {0, 3}) {  // at once; or in the middle, after some tries
    const auto log = std::make_shared<NumberedLog>();
    const auto resets = std::make_shared<int>(0);
    Options options = in_numbered(log, [=](int, int) { return (*resets)++ >= first; });
    options.environments = options.threads = 1;
    options.evaluation_episodes = 0;
    options.step_timeout = 0;
    EXPECT_THROW(train(options), Error);
    EXPECT_EQ(log->made_again.size(), first == 0 ? 0u : 10u);
  }
}

// The few steps before have a better return than any whole episode.
TEST(Breakdown, ATestThatBreaksDownIsNeitherTheBestNorEnough) {
  register_environment({.name = "Brittle-v0", .make = [](const EnvironmentSettings&) {
                          struct Brittle : Environment {
                            Specification s{"Brittle-v0", 1, {-1}, {1}, 10};
                            int steps = 0;
                            const Specification& specification() const override { return s; }
                            void reset(RandomStream&, std::span<double> o) override { o[0] = 0; }
                            StepResult step(std::span<const float>, std::span<double> o) override {
                              o[0] = 0;
                              return ++steps % 3 == 0 ? StepResult{0, false, false, true} : StepResult{-1};
                            }
                          };
                          return std::make_unique<Brittle>();
                        }});
  Options options = testing::small_run(60);
  options.environment = "Brittle-v0";
  options.evaluation_episodes = 2;
  options.stop.at_return = -5;
  Rows rows;
  train(options, {&rows});
  EXPECT_EQ(rows.summary.steps, 60);
  EXPECT_EQ(rows.summary.criterion, "");
  EXPECT_THAT(rows.lines, ::testing::Each(::testing::Not(HasSubstr(" best"))));
}

// The thread of a step that hangs is left to itself, and another object takes its place.
TEST(Breakdown, AStepThatHangsEndsItsEpisode) {
  auto log = std::make_shared<WorldLog>();
  Options options = in_world(log);
  options.steps = 200;
  options.evaluation_episodes = 0;
  log->fails_at = 5;
  log->hangs = true;
  options.step_timeout = 0.3;
  options.on_breakdown = OnBreakdown::end_episode;
  Rows rows;
  train(options, {&rows});
  EXPECT_GE(log->made, 2);
  EXPECT_THAT(rows.warnings, ::testing::Contains(HasSubstr("did not come back within 0.3 s")));
}

}  // namespace
}  // namespace ddpg
