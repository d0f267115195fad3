// A stop is heard in each loop of a training. The checkpoint of that step is there, what was under way is given up, and
// what is resumed ends on the same bits as a training that nobody stopped.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <optional>
#include <set>

#include "ddpg/error.h"
#include "ddpg/interrupted.h"
#include "ddpg/train.h"
#include "policy/content.h"
#include "run/checkpoint_contents.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;
using testing::differences;
using testing::kept;
using testing::step_of;

constexpr const char* kTask = "StopTest-v0";

// Calls to the environments of a training, counted in the order in which these were made: 0 is the one that evaluates.
// The stop is raised within one of the calls.
struct Calls {
  struct Of {
    int resets = 0, steps = 0;
  };
  std::vector<Of> made;
  std::size_t environment = 0;  // in which the stop is raised,
  int at_reset = -1;            // at this reset, or
  int at_step = -1;             // at this step, each counted from 1
  std::atomic<bool> stop = false;
  std::atomic<int> after = 0;  // calls of any environment since then

  void called(std::size_t which) {
    if (stop) after++;
    if (which == environment && (made[which].resets == at_reset || made[which].steps == at_step)) stop = true;
  }
};

Calls* watched = nullptr;

class Watched final : public Environment {
 public:
  explicit Watched(std::unique_ptr<Environment> inside) : inside_(std::move(inside)) {
    if (watched == nullptr) return;
    number_ = watched->made.size();
    watched->made.emplace_back();
  }
  const Specification& specification() const override { return inside_->specification(); }
  void reset(RandomStream& random, std::span<double> observation) override {
    inside_->reset(random, observation);
    if (watched == nullptr) return;
    watched->made[number_].resets++;
    watched->called(number_);
  }
  StepResult step(std::span<const float> action, std::span<double> observation) override {
    const StepResult result = inside_->step(action, observation);
    if (watched == nullptr) return result;
    watched->made[number_].steps++;
    watched->called(number_);
    return result;
  }
  std::vector<double> save_state() const override { return inside_->save_state(); }
  void restore_state(std::span<const double> state) override { inside_->restore_state(state); }

 private:
  std::unique_ptr<Environment> inside_;
  std::size_t number_ = 0;
};

class Stop : public ::testing::Test {
 protected:
  void SetUp() override {
    register_environment({.name = kTask,
                          .summary = "a pendulum that is watched",
                          .expected = "",
                          .make = [](const EnvironmentSettings&) {
                            return std::make_unique<Watched>(make_environment("Pendulum-v1"));
                          }});
    options_.environment = kTask;
    options_.steps = 500;
    options_.actor.hidden = options_.critic.hidden = {8, 8};
    options_.batch_size = 8;
    options_.replay_capacity = 400;
    options_.warmup_steps = options_.learning_starts = 100;
    options_.evaluation_interval = 150;
    options_.evaluation_episodes = 2;
    options_.log_interval = 70;
    options_.checkpoint_interval = 100;
  }
  void TearDown() override { watched = nullptr; }

  // How the training ends whose stop is raised as `calls` says.
  TrainingResult stopped(Calls& calls, const std::string& folder) {
    watched = &calls;
    TrainingResult result = train(options_, {}, &calls.stop, folder);
    watched = nullptr;
    EXPECT_TRUE(calls.stop) << "it never came so far";
    EXPECT_EQ(result.summary.outcome, Outcome::interrupted);
    return result;
  }

  // The training that nobody stopped; the same again where the options are.
  const TrainingResult& straight() {
    if (!straight_ || !(options_ == straight_options_)) {
      fs::remove_all(folder_.path() / "straight");
      straight_.emplace(train(options_, {}, nullptr, (folder_.path() / "straight").string()));
      straight_options_ = options_;
    }
    return *straight_;
  }

  void expect_resumed_to_the_same_bits(const std::string& cut) {
    const TrainingResult& expected = straight();
    const TrainingResult found = resume(options_, cut);
    EXPECT_EQ(found.summary.outcome, Outcome::finished);
    EXPECT_EQ(found.summary.updates, expected.summary.updates);
    EXPECT_THAT(figures(found.summary),
                ::testing::Pointwise(::testing::NanSensitiveDoubleEq(), figures(expected.summary)));
    EXPECT_TRUE(found.policy.content().tensors == expected.policy.content().tensors);
    // a checkpoint made by a stop at the very end may owe updates, which the other has done
    if (step_of(list_checkpoints(cut).front()) < options_.steps) {
      EXPECT_THAT(differences(kept(folder_.path() / "straight"), kept(cut)), ::testing::IsEmpty());
    }
    fs::remove_all(cut);
  }

  static std::vector<double> figures(const Summary& summary) {
    return {summary.before.mean_return, summary.after.mean_return, summary.after.predicted_q, summary.best_return};
  }

  Options options_, straight_options_;
  std::optional<TrainingResult> straight_;
  testing::TemporaryFolder folder_;
};

// Evaluations of two episodes of 200 steps each are due at 0, 150, 300, 450 and 500 steps, checkpoints at multiples of
// 100; those at 300 meet.
TEST_F(Stop, AnEvaluationIsGivenUpAndPlayedAgain) {
  const std::string cut = (folder_.path() / "cut").string();
  const std::int64_t at[] = {0, 150, 300, 450, 500};
  for (int evaluation = 0; evaluation < 5; evaluation++)
    for (const int step : {1, 399}) {
      SCOPED_TRACE(fmt::format("step {} of the evaluation at {}", step, at[evaluation]));
      Calls calls;
      calls.at_step = 400 * evaluation + step;
      const TrainingResult result = stopped(calls, cut);
      EXPECT_EQ(calls.after, 0);
      EXPECT_EQ(result.summary.steps, at[evaluation]);
      const std::vector<fs::path> checkpoints = list_checkpoints(cut);
      ASSERT_FALSE(checkpoints.empty());
      EXPECT_EQ(step_of(checkpoints.front()), at[evaluation]);
      EXPECT_NO_THROW(load_checkpoint(checkpoints.front()));
      expect_resumed_to_the_same_bits(cut);
    }
}

// What its row told stays told, and its updates are counted once.
TEST_F(Stop, AnEvaluationOfASaturatedActorIsGivenUpAndPlayedAgain) {
  options_.actor.final_init = 1e6;
  const std::string cut = (folder_.path() / "cut").string();
  Calls calls;
  calls.at_step = 400 + 1;
  EXPECT_EQ(stopped(calls, cut).summary.steps, 150);
  straight();
  resume(options_, cut);
  EXPECT_THAT(differences(kept(folder_.path() / "straight"), kept(cut)), ::testing::IsEmpty());
}

TEST_F(Stop, AResetOfAnEvaluationIsHeard) {
  const std::string cut = (folder_.path() / "cut").string();
  Calls calls;
  calls.at_reset = 3;  // the first of the second evaluation
  EXPECT_EQ(stopped(calls, cut).summary.steps, 150);
  EXPECT_EQ(calls.after, 0);
  expect_resumed_to_the_same_bits(cut);
}

TEST_F(Stop, TheLastEvaluationIsGivenUpAfterACutRoundToo) {
  options_.environments = 3;  // 498 steps in whole rounds
  options_.checkpoint_interval = 130;
  const std::string cut = (folder_.path() / "cut").string();
  for (const bool overlap : {false, true}) {
    options_.overlap = overlap;
    Calls calls;
    calls.at_step = 4 * 400 + 7;
    EXPECT_EQ(stopped(calls, cut).summary.steps, 500);
    EXPECT_EQ(step_of(list_checkpoints(cut).front()), 498);
    expect_resumed_to_the_same_bits(cut);
  }
}

TEST_F(Stop, WarmUpAndLearningStopAfterTheRound) {
  const std::string cut = (folder_.path() / "cut").string();
  for (const bool overlap : {false, true})
    for (const int environments : {1, 4})
      for (const int step : {7, 63, 120}) {  // warm-up, and learning
        SCOPED_TRACE(fmt::format("overlap {}, {} environments, step {}", overlap, environments, step));
        options_.overlap = overlap;
        options_.environments = environments;
        Calls calls;
        calls.environment = 1;
        calls.at_step = step;
        EXPECT_EQ(stopped(calls, cut).summary.steps, step * environments);
        EXPECT_LT(calls.after, environments);  // the round is played to its end, and nothing more
        EXPECT_EQ(step_of(list_checkpoints(cut).front()), step * environments);
        expect_resumed_to_the_same_bits(cut);
      }
}

// The 200 updates that are due at once are left to what is resumed.
TEST_F(Stop, UpdatesAfterARoundAreLeftOwed) {
  options_.update_interval = 200;
  const std::string cut = (folder_.path() / "cut").string();
  Calls calls;
  calls.environment = 1;
  calls.at_step = 400;
  EXPECT_EQ(stopped(calls, cut).summary.updates, 100);
  expect_resumed_to_the_same_bits(cut);
  // at the last step of all, with no evaluation behind it
  options_.update_interval = 250;
  options_.evaluation_episodes = 0;
  Calls last;
  last.environment = 0;  // no other is made for tests
  last.at_step = 500;
  EXPECT_EQ(stopped(last, cut).summary.updates, 150);
  expect_resumed_to_the_same_bits(cut);
}

TEST_F(Stop, TheFirstEpisodesOfManyCopiesAreNotAllBegun) {
  options_.environments = 20;
  Calls calls;
  calls.environment = 3;
  calls.at_reset = 1;
  watched = &calls;
  EXPECT_THROW(train(options_, {}, &calls.stop, (folder_.path() / "none").string()), Interrupted);
  EXPECT_EQ(calls.after, 0);
  EXPECT_TRUE(list_checkpoints(folder_.path() / "none").empty());
}

std::set<fs::path> files_in(const fs::path& folder) {
  std::set<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) files.insert(entry.path());
  return files;
}

TEST_F(Stop, AResumeThatLoadsChangesNothing) {
  const fs::path cut = folder_.path() / "cut";
  Calls calls;
  calls.environment = 1;
  calls.at_step = 333;
  stopped(calls, cut.string());
  std::ofstream(cut / "checkpoint-000000000001.safetensors") << "what a whole resume removes";
  const std::set<fs::path> before = files_in(cut);
  const std::atomic<bool> stop = true;
  EXPECT_THROW(resume(options_, cut.string(), {}, &stop), Interrupted);
  for (const fs::path& file : list_checkpoints(cut)) EXPECT_THROW(load_checkpoint(file, &stop), Interrupted);
  const LoadedCheckpoint loaded = load_checkpoint(list_checkpoints(cut).front());
  EXPECT_THROW(CheckpointWriter(cut, 2).continue_from(loaded, &stop), Interrupted);
  EXPECT_EQ(files_in(cut), before);
  expect_resumed_to_the_same_bits(cut.string());
}

}  // namespace
}  // namespace ddpg
