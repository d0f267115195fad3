// A world of the user's own: how many objects are made of it, what it is told, and what it measures. What its failures
// end: breakdown_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ddpg/error.h"
#include "ddpg/train.h"
#include "ddpg/vector_environment.h"
#include "run/checkpoint_contents.h"
#include "run/own_world.h"
#include "run/rows.h"
#include "run/small_run.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;
using testing::differences;
using ::testing::HasSubstr;
using testing::in_world;
using ::testing::IsEmpty;
using testing::kept;
using testing::Rows;
using testing::World;
using testing::WorldLog;

TEST(OwnWorld, OneObjectIsEnough) {
  auto log = std::make_shared<WorldLog>();
  Options options = in_world(log);
  train(options);
  EXPECT_EQ(log->made, 2);
  EXPECT_EQ(log->test_resets, 4);

  *log = {};
  options.evaluation_episodes = 0;
  train(options);
  EXPECT_EQ(log->made, 1);
  EXPECT_EQ(log->test_resets, 0);

  *log = {};
  options.environments = 3;
  train(options);
  EXPECT_EQ(log->made, 3);

  *log = {};
  options.environments = 1;
  options.evaluation_episodes = 2;
  options.evaluate_on = EvaluateOn::training;
  const Summary summary = train(options).summary;
  EXPECT_EQ(log->made, 1);
  EXPECT_EQ(log->test_resets, 8);
  EXPECT_EQ(summary.episodes, 15);  // tests cut no episode of the training
}

TEST(OwnWorld, TestsOnTheTrainingsObjectResumeToTheSameBits) {
  auto log = std::make_shared<WorldLog>();
  Options options = in_world(log);
  options.evaluate_on = EvaluateOn::training;
  options.evaluation_interval = 70;  // in the middle of an episode
  options.checkpoint_interval = 25;
  const testing::TemporaryFolder folder;
  const std::string straight = folder.path() / "straight";
  Rows expected;
  train(options, {&expected}, nullptr, straight);
  for (const std::int64_t at : {71, 80, 139, 141, 160, 299}) {
    SCOPED_TRACE(at);
    const std::string cut = folder.path() / std::to_string(at);
    Rows rows;
    rows.stop_at = at;
    train(options, {&rows}, &rows.stop, cut);
    resume(options, cut, {&rows});
    EXPECT_EQ(rows.lines, expected.lines);
    EXPECT_THAT(differences(kept(straight), kept(cut)), IsEmpty());
  }
}

// Means over the episodes of the means over their steps, in the records and in what evaluate() returns.
TEST(OwnWorld, ItsMetricsAreInEachRow) {
  auto log = std::make_shared<WorldLog>();
  const Options options = in_world(log);
  Rows rows;
  TrainingResult result = train(options, {&rows});
  std::vector<std::string> names;
  for (const Metric& metric : rows.columns) names.push_back(metric.name);
  EXPECT_THAT(names, ::testing::IsSupersetOf({"training_metric_distance", "evaluation_metric_distance",
                                              "training_metric_right", "evaluation_metric_right"}));
  World world(log);
  const Evaluation evaluation = evaluate(result.policy, world, 3, 0);
  ASSERT_EQ(evaluation.each.size(), 3u);
  double distance = 0, total = 0;
  for (const EpisodeResult& episode : evaluation.each) {
    ASSERT_EQ(episode.metrics.size(), 2u);
    EXPECT_EQ(episode.length, 20);
    EXPECT_FALSE(episode.terminated);
    distance += episode.metrics[0] / 3;
    total += episode.episode_return / 3;
  }
  EXPECT_DOUBLE_EQ(evaluation.metrics[0], distance);
  EXPECT_DOUBLE_EQ(evaluation.mean_return, total);
}

TEST(OwnWorld, ItsMetricsResumeToTheSameBits) {
  auto log = std::make_shared<WorldLog>();
  Options options = in_world(log);
  options.environments = 3;
  const testing::TemporaryFolder folder;
  Rows expected, rows;
  train(options, {&expected}, nullptr, folder.path() / "straight");
  rows.stop_at = 133;
  train(options, {&rows}, &rows.stop, folder.path() / "cut");
  resume(options, folder.path() / "cut", {&rows});
  EXPECT_EQ(rows.lines, expected.lines);
  EXPECT_THAT(differences(kept(folder.path() / "straight"), kept(folder.path() / "cut")), IsEmpty());
}

// Without the replay buffer a checkpoint is small; what is resumed fills it anew.
TEST(OwnWorld, CheckpointsCanLeaveTheReplayBufferOut) {
  Options options = in_world(std::make_shared<WorldLog>());
  options.checkpoint_replay = false;
  options.environments = 2;
  const testing::TemporaryFolder folder;
  Rows rows;
  rows.stop_at = 200;
  train(options, {&rows}, &rows.stop, folder.path());
  for (const auto& entry : fs::directory_iterator(folder.path()))
    EXPECT_THAT(entry.path().filename().string(), ::testing::Not(::testing::StartsWith("replay-")));
  const std::int64_t updates = rows.summary.updates;
  const Summary summary = resume(options, folder.path(), {&rows}).summary;
  EXPECT_EQ(summary.steps, 300);
  EXPECT_EQ(summary.updates, updates + 50);  // learning_starts = 50 of the 100 steps left fill it
  EXPECT_EQ(rows.warning, "");
}

struct Careless : Environment {
  explicit Careless(int by_step, int by_start = 2) : of_step(by_step), of_start(by_start) {}
  int of_step, of_start;
  Specification s{"Careless-v0", 2, {-1}, {1}, 10};
  const Specification& specification() const override { return s; }
  void reset(RandomStream&, std::span<double> o) override { write(of_start, o); }
  StepResult step(std::span<const float>, std::span<double> o) override {
    write(of_step, o);
    return {};
  }
  static void write(int numbers, std::span<double> o) {
    for (int i = 0; i < numbers; i++) o.data()[i] = 1;
  }
};

// Whatever stands between it and the training, each of which may have a room of its own for what it writes.
TEST(OwnWorld, WhatItDoesNotWriteIsFoundAndWhatItWritesBeyond) {
  const auto complaint = [](const std::string& key, const std::string& value, int of_step, int of_start) {
    register_environment({.name = "Careless-v0", .make = [=](const EnvironmentSettings&) {
                            return std::make_unique<Careless>(of_step, of_start);
                          }});
    Options options = testing::small_run(100);
    options.environment = "Careless-v0";
    options.evaluation_episodes = 0;
    if (!key.empty()) set_option(options, key, value);
    try {
      train(options);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  for (const auto& [key, value] : {std::pair{"", ""},
                                   {"step_timeout", "60"},
                                   {"on_breakdown", "end_episode"},
                                   {"env.max_episode_steps", "5"},
                                   {"env.wrap.action_repeat", "3"},
                                   {"env.wrap.action_delay", "2"},
                                   {"env.wrap.observation_delay", "2"},
                                   {"env.wrap.sensor_noise", "0.1"},
                                   {"env.wrap.low_pass", "0.5"},
                                   {"env.wrap.time_left", "true"},
                                   {"env.wrap.last_actions", "2"},
                                   {"env.wrap.frame_stack", "3"}}) {
    SCOPED_TRACE(key);
    EXPECT_EQ(complaint(key, value, 2, 2), "no error");
    for (const auto& [of_step, of_start] : {std::pair{1, 2}, {2, 1}})
      EXPECT_THAT(complaint(key, value, of_step, of_start), ::testing::ContainsRegex("observation\\[[0-9]\\] is nan"));
    for (const auto& [of_step, of_start] : {std::pair{3, 2}, {2, 3}})
      EXPECT_THAT(complaint(key, value, of_step, of_start),
                  HasSubstr("[environment Careless-v0] it wrote more than the 2 numbers of its observation"));
  }
}

TEST(OwnWorld, NamesOfMetricsAreChecked) {
  const std::vector<std::string> cases[] = {{""}, {"a b"}, {"a,b"}, {"a", "a"}, {std::string(65, 'x')}};
  for (const std::vector<std::string>& names : cases) {
    register_environment({.name = "Named-v0", .make = [names](const EnvironmentSettings&) {
                            auto made = std::make_unique<Careless>(2);
                            made->s.metric_names = names;
                            return made;
                          }});
    EXPECT_THROW(make_environment("Named-v0"), Error) << names.front();
  }
}

}  // namespace
}  // namespace ddpg
