// The life of a training: what observers are given and when, how it ends, and what changes its result and what not.
#include "ddpg/train.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "agent/replay.h"
#include "agent/test_environments.h"
#include "ddpg/error.h"
#include "ddpg/interrupted.h"
#include "policy/content.h"

namespace ddpg {
namespace {

using ::testing::ElementsAre;

constexpr const char* kPoint = "TrainTest-v0";

Options point_options() {
  Options options;
  options.environment = kPoint;
  options.steps = 100;
  options.actor.hidden = options.critic.hidden = {8, 8};
  options.batch_size = 4;
  options.replay_capacity = 1'000;
  options.warmup_steps = 20;
  options.learning_starts = 20;
  options.evaluation_interval = 40;
  options.evaluation_episodes = 2;
  options.log_interval = 25;
  return options;
}

// Writes down what it is told; may do something at each step.
class Recorder : public Observer {
 public:
  void started(const RunStart& start) override { starts.push_back(start); }
  void stepped(std::int64_t step) override {
    steps.push_back(step);
    if (at_step) at_step(step);
  }
  void progressed(const Progress& row, const Policy& policy) override {
    rows.push_back(row);
    policy_steps.push_back(policy.provenance().step);
  }
  void ended(const Summary& summary, const Policy&) override { summaries.push_back(summary); }

  std::vector<std::int64_t> row_steps(bool evaluated_only = false) const {
    std::vector<std::int64_t> found;
    for (const Progress& row : rows)
      if (!evaluated_only || row.evaluation.episodes > 0) found.push_back(row.step);
    return found;
  }

  std::function<void(std::int64_t)> at_step;
  std::vector<RunStart> starts;
  std::vector<std::int64_t> steps, policy_steps;
  std::vector<Progress> rows;
  std::vector<Summary> summaries;
};

class Train : public ::testing::Test {
 protected:
  void SetUp() override {
    register_environment({.name = kPoint,
                          .summary = "a point on a line",
                          .suggested_steps = 70,
                          .expected = "",
                          .make = [](const EnvironmentSettings&) { return testing::scripted(testing::point()); }});
  }
};

TEST_F(Train, TellsObserversEachThingInItsTime) {
  Recorder recorder, second;
  const TrainingResult result = train(point_options(), {&recorder, &second});
  ASSERT_EQ(recorder.starts.size(), 1u);
  const RunStart& start = recorder.starts[0];
  EXPECT_TRUE(start.options == point_options());
  EXPECT_EQ(start.replay_bytes, Replay::size_in_bytes(1, 1, 1'000));
  EXPECT_EQ(start.actor_parameters, (1 + 1) * 8 + (8 + 1) * 8 + 8 + 1);
  EXPECT_EQ(start.critic_parameters, (2 + 1) * 8 + (8 + 1) * 8 + 8 + 1);
  EXPECT_EQ(recorder.steps.size(), 100u);
  EXPECT_EQ(recorder.steps.back(), 100);
  EXPECT_THAT(recorder.row_steps(), ElementsAre(0, 25, 40, 50, 75, 80, 100));
  EXPECT_THAT(recorder.row_steps(true), ElementsAre(0, 40, 80, 100));
  EXPECT_EQ(recorder.policy_steps, recorder.row_steps());
  ASSERT_EQ(recorder.summaries.size(), 1u);
  EXPECT_EQ(second.row_steps(), recorder.row_steps());

  const Summary& summary = recorder.summaries[0];
  EXPECT_EQ(summary.outcome, Outcome::finished);
  EXPECT_EQ(summary.steps, 100);
  EXPECT_EQ(summary.updates, 80);
  EXPECT_EQ(summary.episodes, 5);
  EXPECT_EQ(summary.before.mean_return, recorder.rows.front().evaluation.mean_return);
  EXPECT_EQ(summary.after.mean_return, recorder.rows.back().evaluation.mean_return);
  EXPECT_EQ(result.summary.updates, 80);
  EXPECT_EQ(result.policy.provenance().environment, kPoint);
  EXPECT_EQ(result.policy.provenance().mean_return, summary.after.mean_return);
}

// A round of eight passes the multiples of the intervals without meeting them; what is due comes right after. The last
// round is cut, so that `steps` is exact.
TEST_F(Train, TellsThingsInTheirTimeWithManyEnvironments) {
  for (const bool overlap : {false, true}) {
    Options options = point_options();
    options.environments = 8;
    options.overlap = overlap;
    Recorder recorder;
    const TrainingResult result = train(options, {&recorder});
    EXPECT_THAT(recorder.steps, ElementsAre(8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96, 100));
    EXPECT_THAT(recorder.row_steps(), ElementsAre(0, 32, 40, 56, 80, 100));
    EXPECT_THAT(recorder.row_steps(true), ElementsAre(0, 40, 80, 100));
    EXPECT_EQ(recorder.starts[0].replay_bytes, Replay::size_in_bytes(1, 1, 1'000, 8));
    EXPECT_EQ(recorder.rows[2].updates, overlap ? 12 : 20);  // those of the last round are still to come
    EXPECT_EQ(recorder.rows.back().updates, 80);
    EXPECT_EQ(result.summary.updates, 80);
    EXPECT_EQ(result.summary.steps, 100);
  }
}

TEST_F(Train, EvaluationChangesNothingWithManyEnvironmentsOverlapped) {
  Options options = point_options();
  options.environments = 3;
  options.overlap = true;
  Options often = options;
  often.evaluation_interval = often.log_interval = 1;
  EXPECT_TRUE(train(options).policy.content().tensors == train(often).policy.content().tensors);
}

// What overlap owes after an interruption stays owed: done then, it would make the rest of the training another one.
TEST_F(Train, InterruptedOwesTheUpdatesOfTheLastRound) {
  Options options = point_options();
  options.overlap = true;
  std::atomic<bool> stop = false;
  Recorder recorder;
  recorder.at_step = [&stop](std::int64_t step) { stop = step == 60; };
  EXPECT_EQ(train(options, {&recorder}, &stop).summary.updates, 39);
}

TEST_F(Train, FillsTheRows) {
  Recorder recorder;
  train(point_options(), {&recorder});
  const Progress& first = recorder.rows[0];
  EXPECT_TRUE(std::isnan(first.critic_loss));
  EXPECT_TRUE(std::isnan(first.steps_per_second));
  EXPECT_TRUE(std::isnan(first.exploration_sigma));  // random warm-up
  const Progress& later = recorder.rows[2];
  EXPECT_EQ(later.updates, 20);
  EXPECT_EQ(later.episodes, 2);
  EXPECT_EQ(later.exploration_sigma, 0.1);
  for (const double value :
       {later.critic_loss, later.actor_loss, later.mean_q, later.mean_target, later.critic_gradient_norm,
        later.actor_gradient_norm, later.saturated_share, later.training_return, later.steps_per_second,
        later.updates_per_second, later.evaluation.predicted_q, later.evaluation.discounted_return})
    EXPECT_TRUE(std::isfinite(value));
}

TEST_F(Train, TakesTheSuggestedStepsWhenNotTold) {
  Options options = point_options();
  options.steps = 0;
  Recorder recorder;
  EXPECT_EQ(train(options, {&recorder}).summary.steps, 70);
  EXPECT_EQ(recorder.starts[0].options.steps, 70);
}

TEST_F(Train, EvaluatesOnlyAsOftenAsTold) {
  Options options = point_options();
  options.evaluation_interval = 0;
  Recorder ends;
  train(options, {&ends});
  EXPECT_THAT(ends.row_steps(true), ElementsAre(0, 100));

  options.evaluation_episodes = 0;
  Recorder never;
  const TrainingResult result = train(options, {&never});
  EXPECT_THAT(never.row_steps(true), ElementsAre());
  EXPECT_THAT(never.row_steps(), ElementsAre(0, 25, 50, 75, 100));
  EXPECT_TRUE(std::isnan(result.summary.after.mean_return));
}

TEST_F(Train, SameSeedSameBitsWithEvaluationOnOrOff) {
  const auto tensors = [](Options options, std::uint64_t seed) {
    options.seed = seed;
    return train(options).policy.content().tensors;
  };
  for (const bool normalise : {false, true}) {
    Options options = point_options();
    options.normalise_observations = normalise;
    Options without = options;
    without.evaluation_episodes = 0;
    Options often = options;
    often.evaluation_interval = 1;
    const auto once = tensors(options, 1);
    EXPECT_TRUE(tensors(options, 1) == once);
    EXPECT_TRUE(tensors(without, 1) == once);
    EXPECT_TRUE(tensors(often, 1) == once);
    EXPECT_FALSE(tensors(options, 2) == once);
  }
}

TEST_F(Train, EndsCleanlyWhenStopped) {
  std::atomic<bool> stop = false;
  Recorder recorder;
  recorder.at_step = [&stop](std::int64_t step) { stop = step == 33; };
  const TrainingResult result = train(point_options(), {&recorder}, &stop);
  EXPECT_EQ(result.summary.outcome, Outcome::interrupted);
  EXPECT_EQ(result.summary.steps, 33);
  EXPECT_THAT(recorder.row_steps(), ElementsAre(0, 25, 33));
  EXPECT_THAT(recorder.row_steps(true), ElementsAre(0));  // it would take as long as it takes
  ASSERT_EQ(recorder.summaries.size(), 1u);
  EXPECT_EQ(recorder.summaries[0].outcome, Outcome::interrupted);
  EXPECT_EQ(result.policy.provenance().step, 33);
}

// However late the wish to stop comes within a step, the last row is that of the last step.
TEST_F(Train, TellsTheLastStepWheneverTheStopComes) {
  std::atomic<bool> stop = false;
  struct Stopper : Recorder {
    std::atomic<bool>* stop = nullptr;
    void progressed(const Progress& row, const Policy& policy) override {
      Recorder::progressed(row, policy);
      if (row.step == 25) *stop = true;
    }
  } stopper;
  stopper.stop = &stop;
  const TrainingResult result = train(point_options(), {&stopper}, &stop);
  EXPECT_EQ(result.summary.outcome, Outcome::interrupted);
  EXPECT_EQ(stopper.row_steps().back(), result.summary.steps);
}

// Unless there is an evaluation left to play.
TEST_F(Train, IsFinishedWhenTheStopComesAtTheLastStep) {
  for (const int episodes : {0, 2}) {
    std::atomic<bool> stop = false;
    Recorder recorder;
    recorder.at_step = [&stop](std::int64_t step) { stop = step == 100; };
    Options options = point_options();
    options.evaluation_episodes = episodes;
    const Outcome outcome = train(options, {&recorder}, &stop).summary.outcome;
    EXPECT_EQ(outcome, episodes == 0 ? Outcome::finished : Outcome::interrupted);
    EXPECT_EQ(recorder.row_steps().back(), 100);
  }
}

TEST_F(Train, StoppedBeforeItBeginsTellsNothing) {
  const std::atomic<bool> stop = true;
  Recorder recorder;
  EXPECT_THROW(train(point_options(), {&recorder}, &stop), Interrupted);
  EXPECT_TRUE(recorder.starts.empty() && recorder.rows.empty() && recorder.summaries.empty());
}

TEST_F(Train, WhatAnObserverThrowsEndsIt) {
  Recorder recorder;
  recorder.at_step = [](std::int64_t step) {
    if (step == 5) throw Error("enough");
  };
  EXPECT_THROW(train(point_options(), {&recorder}), Error);
  EXPECT_EQ(recorder.steps.size(), 5u);
}

TEST_F(Train, RefusesInvalidOptionsBeforeAnythingIsTold) {
  Options options = point_options();
  options.batch_size = 0;
  Recorder recorder;
  EXPECT_THROW(train(options, {&recorder}), UsageError);
  options = point_options();
  options.environment = "TrainTest-v1";
  EXPECT_THROW(train(options, {&recorder}), UsageError);
  EXPECT_TRUE(recorder.starts.empty());
}

}  // namespace
}  // namespace ddpg
