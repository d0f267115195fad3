// What resume, --overwrite and a kill leave of a run folder: nothing that was learnt is taken for nothing, and no file
// of somebody else is touched.
#include "run/run_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "ddpg/error.h"
#include "ddpg/train.h"
#include "record/run_records.h"
#include "record/tensorboard.h"
#include "run/checkpoints.h"
#include "run/progress_table.h"
#include "run/run_folder.h"
#include "run/run_status.h"
#include "run/small_run.h"
#include "support/files.h"
#include "support/size_limit.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::usage_error;

using Contents = std::map<std::string, std::string>;

Contents contents(const fs::path& folder) {
  Contents found;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) found[fs::relative(entry.path(), folder).string()] = read_file(entry.path());
  return found;
}

class RunFiles : public ::testing::Test {
 protected:
  void train_in(RunFolder& folder, const RecordNames& names = {}) {
    RunRecords records(folder.path(), names);
    folder.set_records(&records);
    train(options_, {&folder}, nullptr, folder.checkpoints());
  }
  void train_anew(bool overwrite = false) {
    RunFolder folder = RunFolder::at(run_, overwrite);
    train_in(folder);
  }
  Summary resume_it() {
    RunFolder folder = RunFolder::resume(run_);
    RunRecords records(folder.path(), records_in(folder.path()));
    folder.set_records(&records);
    return resume(folder.options(), folder.checkpoints(), {&folder}).summary;
  }

  testing::TemporaryFolder folder_;
  const fs::path run_ = folder_.path() / "run";
  Options options_ = testing::small_run(300);
};

// No checkpoint is not nothing learnt.
TEST_F(RunFiles, WhatHasLearntAndHoldsNoCheckpointIsNotBegunAnew) {
  {
    RunFolder folder = RunFolder::at(run_, false);
    train_in(folder, {"jsonl"});
  }
  fs::remove_all(run_ / "checkpoints");
  const Contents whole = contents(run_);
  const std::vector<std::string> evidence = {"status.json", "progress.csv", "progress.jsonl",
                                             "policy.ddpg", "best.ddpg",    "summary.json"};
  for (const std::string& file : evidence) {
    SCOPED_TRACE(file);
    for (const auto& [name, bytes] : whole) write_file_atomically(run_ / name, bytes);
    for (const std::string& other : evidence)
      if (other != file) fs::remove(run_ / other);
    if (file == "best.ddpg" && Policy::load(run_ / file).provenance().step == 0) continue;
    const Contents before = contents(run_);
    EXPECT_THAT(usage_error([&] { RunFolder::resume(run_); }),
                AllOf(HasSubstr("holds no checkpoint"), HasSubstr(file), HasSubstr("ddpg train --config")));
    EXPECT_EQ(contents(run_), before);
  }
  for (const std::string& file : evidence) fs::remove(run_ / file);
  EXPECT_EQ(resume_it().steps, 300);
}

TEST_F(RunFiles, AResumeThatFailsLeavesEverythingAsItWas) {
  train_anew();
  write_file_atomically(run_ / "progress.csv", "somebody's own table\n");
  const Contents before = contents(run_);
  EXPECT_THROW(resume_it(), Error);
  EXPECT_EQ(contents(run_), before);
}

// The checkpoint of a run that has finished is from before its last evaluation, whose row and whose policy it lacks.
TEST_F(RunFiles, AResumeThatEndsBeforeItsFirstNewRowCostsNothing) {
  const RecordNames all = {"jsonl", "tensorboard"};
  {
    RunFolder folder = RunFolder::at(run_, false);
    train_in(folder, all);
  }
  const auto records = [&] {
    Contents found = contents(run_);
    std::erase_if(found, [](const auto& file) {
      return !file.first.starts_with("progress.") && !file.first.starts_with("events.") && file.first != "best.ddpg";
    });
    return found;
  };
  write_file_atomically(run_ / "best.ddpg", "of an evaluation after the checkpoint");
  const Contents before = contents(run_), recorded = records();
  EXPECT_EQ(recorded.size(), 5u);
  {
    const testing::SizeLimit limit(8'000);  // config.toml is longer
    EXPECT_THROW(resume_it(), Error);
  }
  EXPECT_EQ(contents(run_), before);

  struct : Observer {
    void started(const RunStart&) override { throw Error("as if it had been killed here"); }
  } killed;
  {
    RunFolder folder = RunFolder::resume(run_);
    RunRecords again(folder.path(), records_in(folder.path()));
    folder.set_records(&again);
    Options longer = folder.options();
    longer.steps = 400;
    EXPECT_THROW(resume(longer, folder.checkpoints(), {&folder, &killed}), Error);
  }
  EXPECT_EQ(records(), recorded);

  EXPECT_EQ(resume_it().steps, 400);
  EXPECT_NO_THROW(Policy::load((run_ / "best.ddpg").string()));
  EXPECT_EQ(event_files(run_).size(), 2u);
  std::string damage;
  const ProgressTable table = read_progress(run_ / "progress.csv", damage);
  const auto steps = table.column("step");
  EXPECT_THAT(std::vector<double>(steps.begin(), steps.end()),
              ::testing::ElementsAre(0, 50, 100, 150, 200, 250, 300, 350, 400));
  EXPECT_EQ(damage, "");
}

TEST_F(RunFiles, WhatStandsInPlaceOfAFileIsNamedBeforeAnythingChanges) {
  train_anew();
  const auto refused = [&](const std::string& place, const std::function<void()>& use) {
    fs::remove(run_ / place);
    fs::create_directory(run_ / place);
    const Contents before = contents(run_);
    EXPECT_THAT(usage_error(use), AllOf(HasSubstr(place), HasSubstr("is a folder")));
    EXPECT_EQ(contents(run_), before) << place;
    fs::remove(run_ / place);
  };
  for (const char* place : {"task.json", "sources.json", "policy.ddpg", "best.ddpg", "summary.json", ".ddpg-begun",
                            "progress.jsonl", "events.out.tfevents.1"})
    refused(place, [&] { resume_it(); });
  for (const char* place : {"policy.ddpg", "task.json", "progress.sums", "progress.jsonl", "events.out.tfevents.1",
                            "checkpoints/checkpoint-000000000001.safetensors"})
    refused(place, [&] { train_anew(true); });
}

TEST_F(RunFiles, BestPolicyIsThereAgain) {
  train_anew();
  const std::string best = read_file(run_ / "best.ddpg");
  fs::remove(run_ / "best.ddpg");
  resume_it();
  EXPECT_EQ(read_file(run_ / "best.ddpg"), best);
}

TEST_F(RunFiles, OverwritesNoFolderOfAnotherProgram) {
  const std::vector<Contents> folders = {
      {{"config.toml", "baseURL = 'https://example.org/'\n"}, {"report.html", "<p>mine"}},
      {{"config.toml", "[server]\nport = 80\n"}, {"status.json", "{}"}, {"checkpoints/model.safetensors", "mine"}},
      {{"config.toml", ""}, {"summary.json", "{}"}},
      {{"config.toml", to_toml(options_)}, {"policy.ddpg", "mine"}},
      {{"policy.ddpg", "mine"}},
  };
  for (const Contents& given : folders) {
    fs::remove_all(run_);
    fs::create_directories(run_ / "checkpoints");
    for (const auto& [name, bytes] : given) write_file_atomically(run_ / name, bytes);
    EXPECT_THAT(usage_error([&] { train_anew(true); }), HasSubstr("no run of ddpg's"));
    EXPECT_EQ(contents(run_), given);
  }
}

TEST_F(RunFiles, OverwritesOnlyWhatIsTheRunsOwn) {
  train_anew();
  const Contents mine = {{"notes.txt", "mine"},
                         {"report.html", "mine"},
                         {"progress.csv.old", "mine"},
                         {"checkpoints/model.safetensors", "mine"},
                         {"plots/a.csv", "mine"}};
  fs::create_directory(run_ / "plots");
  for (const auto& [name, bytes] : mine) write_file_atomically(run_ / name, bytes);
  const std::string policy = read_file(run_ / "policy.ddpg");
  options_.seed = 1;
  train_anew(true);
  for (const auto& [name, bytes] : mine) EXPECT_EQ(read_file(run_ / name), bytes) << name;
  EXPECT_NE(read_file(run_ / "policy.ddpg"), policy);
}

// Killed right after the new run has taken the folder, whatever of the former one is still there.
TEST_F(RunFiles, AnOverwriteThatIsKilledLeavesTheNewRunUnbegun) {
  train_anew();
  const Contents old = contents(run_);
  Options other = options_;
  other.seed = 1;
  for (const bool removed : {false, true}) {
    Replacement::begin(run_, other, {"jsonl"});
    if (!removed)  // as if the kill had come before anything went
      for (const auto& [name, bytes] : old) write_file_atomically(run_ / name, bytes);
    const RunFolder folder = RunFolder::resume(run_);
    EXPECT_EQ(folder.options(), other);
    EXPECT_EQ(records_in(run_), RecordNames{"jsonl"});
    EXPECT_THAT(contents(run_),
                ::testing::ElementsAre(::testing::Key("config.toml"), ::testing::Key("progress.jsonl")));
  }
  EXPECT_EQ(resume_it().outcome, Outcome::finished);
  EXPECT_EQ(Policy::load(run_ / "policy.ddpg").provenance().seed, 1u);
  EXPECT_FALSE(Replacement::is_open(run_));
}

TEST_F(RunFiles, AFinishedRunWithoutItsSummaryWritesItAgain) {
  train_anew();
  fs::remove(run_ / "summary.json");
  resume_it();
  EXPECT_TRUE(fs::exists(run_ / "summary.json"));
}

}  // namespace
}  // namespace ddpg
