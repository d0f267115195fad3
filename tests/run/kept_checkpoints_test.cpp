// Whatever is asked of train() and resume(), no checkpoint that somebody may want is lost, and a training says what it
// could not keep.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <thread>

#include "agent/test_environments.h"
#include "ddpg/error.h"
#include "ddpg/train.h"
#include "policy/format.h"
#include "run/checkpoint_contents.h"
#include "run/checkpoints.h"
#include "run/run_keeper.h"
#include "run/small_run.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using testing::differences;
using ::testing::HasSubstr;
using testing::kept;
using testing::usage_error;

Options run_options() {
  return testing::small_run(400);
}

class KeptWatcher : public Observer, public RunKeeper {
 public:
  void keeps(const TaskRecord&, const Policy* found) override {
    if (found) best_at_start = encode_policy(found->content());
  }
  void started(const RunStart& start) override { warning = start.warning; }
  void stepped(std::int64_t step) override {
    if (at_step) at_step(step);
  }
  void progressed(const Progress& row, const Policy& policy) override {
    if (!row.warning.empty()) warnings.push_back(row.warning);
    if (row.best) best = encode_policy(policy.content());
  }
  void ended(const Summary& told, const Policy&) override { summary = told; }

  std::function<void(std::int64_t)> at_step;
  std::string warning, best, best_at_start;
  std::vector<std::string> warnings;
  Summary summary;
};

class KeptCheckpoints : public ::testing::Test {
 protected:
  std::map<std::string, std::string> contents() const {
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::directory_iterator(checkpoints_)) found[entry.path().filename()] = read_file(entry);
    return found;
  }

  testing::TemporaryFolder folder_;
  const fs::path checkpoints_ = folder_.path() / "checkpoints";
};

TEST_F(KeptCheckpoints, ANewTrainingIsRefusedTheFolderOfAnother) {
  train(run_options(), {}, nullptr, checkpoints_);
  const auto before = contents();
  Options other = run_options();
  other.seed = 1;
  EXPECT_THAT(usage_error([&] { train(other, {}, nullptr, checkpoints_); }),
              AllOf(HasSubstr("of another training"), HasSubstr(checkpoints_.string())));
  EXPECT_EQ(contents(), before);
}

TEST_F(KeptCheckpoints, TwoTrainingsAtOnceDoNotShareAFolder) {
  KeptWatcher first;
  std::string second, third;
  first.at_step = [&](std::int64_t step) {
    if (step != 150) return;
    second = usage_error([&] { train(run_options(), {}, nullptr, checkpoints_); });
    third = usage_error([&] { resume(run_options(), checkpoints_); });
  };
  train(run_options(), {&first}, nullptr, checkpoints_);
  EXPECT_THAT(second, HasSubstr("another training keeps its checkpoints there"));
  EXPECT_THAT(third, HasSubstr("another training keeps its checkpoints there"));
  EXPECT_NO_THROW(load_checkpoint(list_checkpoints(checkpoints_).front()));
}

TEST_F(KeptCheckpoints, AFolderWithoutANameIsNone) {
  EXPECT_THAT(usage_error([] { resume(run_options(), ""); }), HasSubstr("folder of checkpoints is empty"));
}

TEST_F(KeptCheckpoints, FewerStepsThanWereDoneAreRefused) {
  train(run_options(), {}, nullptr, checkpoints_);
  const auto before = contents();
  Options fewer = run_options();
  fewer.steps = 350;
  EXPECT_THAT(usage_error([&] { resume(fewer, checkpoints_); }),
              AllOf(HasSubstr("steps = 350"), HasSubstr("000400.safetensors has done 400")));
  EXPECT_EQ(contents(), before);
}

TEST_F(KeptCheckpoints, AreAsManyAsAskedFor) {
  Options options = testing::small_run(700);
  options.checkpoints_kept = 3;
  options.checkpoint_interval = 20;
  train(options, {}, nullptr, checkpoints_);
  EXPECT_EQ(list_checkpoints(checkpoints_).size(), 3u);
  EXPECT_EQ(list_checkpoints(checkpoints_).front().filename(), "checkpoint-000000000700.safetensors");
  for (const fs::path& file : list_checkpoints(checkpoints_)) EXPECT_NO_THROW(load_checkpoint(file)) << file;
  std::size_t needed = 3;
  std::map<std::string, int> used;
  for (const fs::path& file : list_checkpoints(checkpoints_))
    for (const ReplayFile& listed : load_checkpoint(file).replay_files) used[listed.name]++;
  needed += used.size();
  EXPECT_EQ(static_cast<std::size_t>(std::distance(fs::directory_iterator(checkpoints_), fs::directory_iterator())),
            needed);
}

TEST_F(KeptCheckpoints, FilesOfOthersStay) {
  fs::create_directory(checkpoints_);
  const std::vector<std::string> names = {"model.safetensors", "checkpoint-best.safetensors",
                                          "checkpoint-000000000100.safetensors.old", "replay-notes.safetensors",
                                          "notes.txt"};
  for (const std::string& name : names) write_file_atomically(checkpoints_ / name, "mine");
  train(run_options(), {}, nullptr, checkpoints_);
  for (const std::string& name : names) EXPECT_EQ(read_file(checkpoints_ / name), "mine") << name;
  EXPECT_EQ(list_checkpoints(checkpoints_).size(), 2u);
}

// A checkpoint that fails is reported once, and its training does not try again before the next is due.
TEST_F(KeptCheckpoints, NothingIsTriedAgainBeforeTheNextIsDue) {
  KeptWatcher watcher;
  watcher.at_step = [&](std::int64_t step) {
    if (step == 150) fs::rename(checkpoints_, folder_.path() / "away");
    if (step == 390) fs::rename(folder_.path() / "away", checkpoints_);
    if (step > 150) std::this_thread::sleep_for(std::chrono::milliseconds(3));  // so that writes end between the steps
  };
  const TrainingResult result = train(run_options(), {&watcher}, nullptr, checkpoints_);
  EXPECT_EQ(result.summary.outcome, Outcome::finished);
  // of the checkpoints due at 200 and 300, on a slow machine of one still being written at 150, and not of 240 rounds
  ASSERT_GE(watcher.warnings.size(), 2u);
  ASSERT_LE(watcher.warnings.size(), 3u);
  for (const std::string& warning : watcher.warnings) {
    EXPECT_THAT(warning, AllOf(HasSubstr("a checkpoint could not be written; the one before it stays"),
                               HasSubstr("when it is due")));
    EXPECT_LT(warning.size(), 1'000u);
  }
  EXPECT_EQ(list_checkpoints(checkpoints_).front().filename(), "checkpoint-000000000400.safetensors");
}

TEST_F(KeptCheckpoints, WithoutTheLastOneTheResultIsThereAndSaysSo) {
  KeptWatcher watcher;
  watcher.at_step = [&](std::int64_t step) {
    if (step == 390) fs::rename(checkpoints_, folder_.path() / "away");
  };
  const TrainingResult result = train(run_options(), {&watcher}, nullptr, checkpoints_);
  EXPECT_EQ(result.summary.outcome, Outcome::failed);
  EXPECT_THAT(result.summary.error,
              AllOf(HasSubstr("the last checkpoint could not be written; the one before it stays"),
                    HasSubstr("no longer the folder")));
  EXPECT_EQ(result.policy.provenance().step, 400);
  EXPECT_EQ(watcher.summary.outcome, Outcome::failed);
}

// A round of 8 is cut to 3: what is trained for longer must not see that.
TEST_F(KeptCheckpoints, FewerStepsThanEnvironmentsLeaveACheckpointTooAndCanBeExtended) {
  Options options = run_options();
  options.environments = 8;
  const fs::path straight = folder_.path() / "straight";
  train(options, {}, nullptr, straight);
  Options short_one = options;
  short_one.steps = 3;
  train(short_one, {}, nullptr, checkpoints_);
  EXPECT_EQ(list_checkpoints(checkpoints_).size(), 1u);
  resume(options, checkpoints_);
  EXPECT_THAT(differences(kept(straight), kept(checkpoints_)), ::testing::IsEmpty());
}

TEST_F(KeptCheckpoints, KnowTheBestPolicySoFar) {
  KeptWatcher first, second;
  std::atomic<bool> stop = false;
  first.at_step = [&](std::int64_t step) { stop = step >= 250; };
  train(run_options(), {&first}, &stop, checkpoints_);
  stop = false;
  second.at_step = [&](std::int64_t) { stop = true; };  // at the first round
  resume(run_options(), checkpoints_, {&second}, &stop);
  EXPECT_FALSE(second.best_at_start.empty());
  // the interruption's own evaluation comes after its checkpoint
  KeptWatcher third;
  resume(run_options(), checkpoints_, {&third});
  EXPECT_EQ(third.best_at_start, second.best.empty() ? second.best_at_start : second.best);
}

TEST_F(KeptCheckpoints, ATrainingTooShortToLearnSaysSo) {
  Options options = run_options();
  options.learning_starts = 1'000;
  KeptWatcher watcher;
  train(options, {&watcher});
  EXPECT_THAT(watcher.warning, AllOf(HasSubstr("nothing is learnt"), HasSubstr("learning_starts = 1000")));
  KeptWatcher fine;
  train(run_options(), {&fine});
  EXPECT_EQ(fine.warning, "");
}

// The task has other bounds, sizes or another time limit than when it was trained.
TEST_F(KeptCheckpoints, AnotherTaskOfTheSameNameIsRefused) {
  static Specification specification;
  specification = testing::point().specification;
  specification.name = "ChangedTask-v0";
  const Specification trained = specification;
  register_environment({.name = "ChangedTask-v0",
                        .summary = "a point on a line",
                        .expected = "",
                        .make = [](const EnvironmentSettings&) {
                          testing::Script script = testing::point();
                          script.specification = specification;
                          return testing::scripted(script);
                        }});
  Options options = run_options();
  options.environment = "ChangedTask-v0";
  train(options, {}, nullptr, checkpoints_);
  const auto before = contents();
  options.steps = 500;
  using Change = std::function<void(Specification&)>;
  for (const auto& [change, what] :
       {std::pair<Change, const char*>([](auto& s) { s.action_high = {2}; }, "action_high was [1], is [2]"),
        {[](auto& s) { s.action_low = {-3}; }, "action_low was [-1], is [-3]"},
        {[](auto& s) { s.time_limit = 7; }, "time_limit was 0, is 7"},
        {[](auto& s) { s.control_period = 0.5; }, "control_period was 0, is 0.5"}}) {
    specification = trained;
    change(specification);
    EXPECT_THAT(usage_error([&] { resume(options, checkpoints_); }), HasSubstr(what));
    EXPECT_EQ(contents(), before);
  }
  specification = trained;
  EXPECT_EQ(resume(options, checkpoints_).summary.outcome, Outcome::finished);
}

}  // namespace
}  // namespace ddpg
