// A training that is cut and resumed ends on the same bits as one that never stopped: weights, targets,
// optimisers, random streams, replay buffer and rows of progress.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "agent/test_environments.h"
#include "ddpg/error.h"
#include "ddpg/train.h"
#include "envs/builtin.h"
#include "record/csv.h"
#include "run/checkpoint_contents.h"
#include "run/checkpoints.h"
#include "run/rows.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;
using testing::differences;
using ::testing::HasSubstr;
using testing::kept;
using testing::Rows;
using testing::step_of;

Options pendulum_run(const std::string& preset = "default") {
  Options options = find_preset(preset).options;
  options.environment = options.replay.hindsight > 0 ? "PointReach-v0" : "Pendulum-v1";
  options.steps = 700;
  options.actor.hidden = options.critic.hidden = {24, 16};
  if (options.actor.body == Body::simba) options.actor.hidden = options.critic.hidden = {16, 16};
  options.encoder.hidden = {20};
  options.encoder.size = 9;
  options.batch_size = 16;
  options.warmup_steps = options.learning_starts = 100;
  options.evaluation_interval = 250;
  options.evaluation_episodes = 1;
  options.log_interval = 90;
  options.checkpoint_interval = 130;
  return options;
}

class Resume : public ::testing::Test {
 protected:
  // Undisturbed, stopped at `at` and resumed, and finished at `at` and then extended: all the same.
  void expect_same(const Options& options, std::int64_t at) {
    const fs::path straight = folder_.path() / "straight", cut = folder_.path() / "cut",
                   extended = folder_.path() / "extended";
    Rows expected, rows, longer;
    train(options, {&expected}, nullptr, straight.string());

    rows.stop_at = at;
    train(options, {&rows}, &rows.stop, cut.string());
    ASSERT_EQ(rows.summary.outcome, Outcome::interrupted);
    resume(options, cut.string(), {&rows});
    EXPECT_GE(rows.begun_at, at);
    EXPECT_EQ(rows.summary.outcome, Outcome::finished);
    EXPECT_EQ(rows.lines, expected.lines);
    EXPECT_THAT(differences(kept(straight), kept(cut)), ::testing::IsEmpty());
    EXPECT_EQ(rows.warning, "");

    Options shorter = options;
    shorter.steps = at;
    train(shorter, {&longer}, nullptr, extended.string());
    resume(options, extended.string(), {&longer});
    EXPECT_EQ(longer.lines, expected.lines);
    EXPECT_THAT(differences(kept(straight), kept(extended)), ::testing::IsEmpty());
    for (const fs::path& path : {straight, cut, extended}) fs::remove_all(path);
  }

  testing::TemporaryFolder folder_;
};

TEST_F(Resume, GivesTheSameBitsWithEachPreset) {
  for (const Preset& preset : presets()) {
    SCOPED_TRACE(preset.name);
    expect_same(pendulum_run(preset.name), 333);
  }
}

TEST_F(Resume, GivesTheSameBitsWithEverythingSwitchedOn) {
  Options options = pendulum_run();
  options.actor.batch_norm = options.critic.layer_norm = true;
  options.critic.l2 = 0.01;
  options.critic.gradient_clip = 1;
  options.exploration.noise = Noise::ornstein_uhlenbeck;
  options.exploration.decay_steps = 500;
  options.exploration.sigma_final = 0.01;
  options.normalise_observations = options.normalise_rewards = true;
  options.hard_update_interval = 70;
  options.updates_per_step = 0.7;
  options.update_interval = 3;
  options.n_step = 3;
  options.replay.priority = Priority::fade;
  options.replay.floor = 1e-3;  // below the errors
  options.target.clip_to_seen_range = true;
  options.critic.count = 3;
  options.critic.aggregate = Aggregate::mean;
  options.target.noise = 0.3;
  options.actor.period = 2;
  expect_same(options, 334);
}

TEST_F(Resume, GivesTheSameBitsWithDistributionsAndWeights) {
  Options options = pendulum_run("d4pg");
  options.updates_per_step = 0.5;
  options.replay.priority = Priority::per;
  expect_same(options, 335);
}

TEST_F(Resume, GivesTheSameBitsInTheMiddleOfAnEpisodeOfEachTask) {
  for (const EnvironmentEntry& entry : builtin_environments()) {
    Options options = pendulum_run();
    options.environment = entry.name;
    options.steps = 260;
    options.evaluation_episodes = 0;
    std::unique_ptr<Environment> environment;
    try {
      environment = make_environment(entry.name);
    } catch (const Error&) {
      continue;  // MuJoCo is not built in
    }
    if (environment->save_state().empty()) {
      RandomStream random(0);
      std::vector<double> observation(static_cast<std::size_t>(environment->specification().observation_size));
      environment->reset(random, observation);
      if (environment->save_state().empty()) continue;  // a task of another test's own
    }
    SCOPED_TRACE(entry.name);
    expect_same(options, 137);
  }
}

TEST_F(Resume, GivesTheSameBitsWithManyEnvironmentsOnAnyThreads) {
  for (const bool overlap : {false, true})
    for (const int threads : {1, 2}) {
      SCOPED_TRACE(fmt::format("overlap {}, {} threads", overlap, threads));
      Options options = pendulum_run();
      options.environments = 6;  // 700 and 333 are no multiples: the last round is cut
      options.threads = threads;
      options.overlap = overlap;
      expect_same(options, 333);
    }
}

// Of a run that ends within a round no checkpoint is kept there: with more steps it has no such round.
TEST_F(Resume, GivesTheSameBitsWhereACheckpointIsDueInACutRound) {
  Options options = pendulum_run();
  options.environments = 3;
  options.checkpoint_interval = 100;
  expect_same(options, 500);
}

TEST_F(Resume, GivesTheSameBitsWhenTheRingHasGoneRound) {
  for (const std::int64_t interval : {40, 130, 350}) {
    SCOPED_TRACE(interval);
    Options options = pendulum_run();
    options.replay_capacity = 150;
    options.checkpoint_interval = interval;
    options.environments = 2;
    expect_same(options, 500);
  }
}

// As after a kill: rows and steps beyond the checkpoint are done once more.
TEST_F(Resume, GoesOnFromAnyCheckpointThatIsLeft) {
  Options options = pendulum_run();
  options.checkpoints_kept = 3;
  Rows expected;
  const fs::path folder = folder_.path() / "checkpoints";
  train(options, {&expected}, nullptr, folder.string());
  const auto whole = kept(folder);
  ASSERT_GE(list_checkpoints(folder).size(), 2u);
  for (std::size_t gone = 1; gone < 3 && gone < list_checkpoints(folder).size(); gone++) {
    const auto files = list_checkpoints(folder);
    for (std::size_t i = 0; i < gone; i++) fs::remove(files[i]);
    Rows rows;
    rows.lines = expected.lines;
    resume(options, folder.string(), {&rows});
    EXPECT_EQ(rows.begun_at, step_of(files[gone]));
    EXPECT_EQ(rows.lines, expected.lines);
    EXPECT_THAT(differences(whole, kept(folder)), ::testing::IsEmpty());
  }
}

TEST_F(Resume, PassesOverADamagedCheckpointAndSaysSo) {
  const Options options = pendulum_run();
  Rows expected, rows;
  const fs::path folder = folder_.path() / "checkpoints";
  train(options, {&expected}, nullptr, folder.string());
  const auto whole = kept(folder);
  const fs::path newest = list_checkpoints(folder).at(0), before = list_checkpoints(folder).at(1);
  std::string bytes = read_file(newest);
  bytes[bytes.size() - 100] ^= 1;  // among the numbers
  write_file_atomically(newest, bytes);
  rows.lines = expected.lines;
  resume(options, folder.string(), {&rows});
  EXPECT_EQ(rows.begun_at, step_of(before));
  EXPECT_THAT(rows.warning, HasSubstr(newest.string()));
  EXPECT_THAT(rows.warning, HasSubstr("damaged"));
  EXPECT_THAT(rows.warning, HasSubstr("resuming from " + before.filename().string()));
  EXPECT_EQ(rows.lines, expected.lines);
  EXPECT_THAT(differences(whole, kept(folder)), ::testing::IsEmpty());
}

TEST_F(Resume, RefusesWhereNoCheckpointCanBeRead) {
  const Options options = pendulum_run();
  Rows rows;
  const fs::path folder = folder_.path() / "checkpoints";
  train(options, {&rows}, nullptr, folder.string());
  for (const fs::path& file : list_checkpoints(folder)) write_file_atomically(file, read_file(file).substr(0, 5'000));
  try {
    resume(options, folder.string());
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("none of the checkpoints in"));
  }
  EXPECT_GE(list_checkpoints(folder).size(), 2u);  // nothing was thrown away
}

TEST_F(Resume, BeginsWhereNothingWasKeptYet) {
  Rows expected, rows;
  train(pendulum_run(), {&expected});
  resume(pendulum_run(), (folder_.path() / "none").string(), {&rows});
  EXPECT_EQ(rows.begun_at, 0);
  EXPECT_EQ(rows.lines, expected.lines);
}

TEST_F(Resume, NamesEachOptionThatIsNotTheCheckpoints) {
  Options options = pendulum_run();
  const std::string folder = (folder_.path() / "checkpoints").string();
  train(options, {}, nullptr, folder);
  options.threads = 2;
  options.steps = 800;
  options.discount = 0.5;
  options.actor.hidden = {8};
  try {
    resume(options, folder);
    FAIL() << "no error";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("discount = 0.5, in the checkpoint 0.99"));
    EXPECT_THAT(error.what(), HasSubstr("actor.hidden = [8], in the checkpoint [24, 16]"));
    EXPECT_THAT(error.what(), ::testing::Not(HasSubstr("threads =")));
    EXPECT_THAT(error.what(), ::testing::Not(HasSubstr("steps =")));
  }
}

// An environment that cannot say where it is: its episode is cut as by a time limit, and the training continues.
TEST_F(Resume, BeginsANewEpisodeWhereTheStateIsNotOffered) {
  register_environment(
      {.name = "ResumeTest-v0", .summary = "a point on a line", .expected = "", .make = [](const EnvironmentSettings&) {
         return testing::scripted(testing::point());
       }});
  Options options = pendulum_run();
  options.environment = "ResumeTest-v0";
  const std::string folder = (folder_.path() / "checkpoints").string();
  Rows rows;
  rows.stop_at = 333;
  train(options, {&rows}, &rows.stop, folder);
  resume(options, folder, {&rows});
  EXPECT_EQ(rows.begun_at, 333);
  EXPECT_EQ(rows.summary.steps, 700);
  EXPECT_EQ(rows.summary.updates, 600);
  // 16 episodes of 20 steps, then 13 steps that are cut, then 367 steps: 18 whole episodes
  EXPECT_EQ(rows.summary.episodes, 34);
}

}  // namespace
}  // namespace ddpg
