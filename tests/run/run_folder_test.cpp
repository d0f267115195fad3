#include "run/run_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>
#include <vector>

#include "ddpg/error.h"
#include "policy/policy_samples.h"
#include "support/files.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class RunFolderTest : public ::testing::Test {
 protected:
  RunFolderTest() : policy(testing::sample_policy(testing::actor_shape(3, {4}, 1))) {
    std::string name = (fs::path(::testing::TempDir()) / "ddpg_run_folder_XXXXXX").string();
    root = ::mkdtemp(name.data());
    start.options.environment = "Pendulum-v1";
    start.options.steps = 100;
    start.kernels = "avx2";
  }
  ~RunFolderTest() override { fs::remove_all(root); }

  void progress(RunFolder& folder, std::int64_t step) {
    Progress row;
    row.step = step;
    folder.progressed(row, policy);
  }

  fs::path root;
  RunStart start;
  Policy policy;
};

TEST_F(RunFolderTest, TakesTheNextFreeName) {
  std::vector<std::string> names;
  for (int i = 0; i < 3; i++) {
    RunFolder folder = RunFolder::next_free(start.options, root);
    folder.started(start);
    names.push_back(fs::relative(folder.path(), root).string());
  }
  EXPECT_THAT(names, ::testing::ElementsAre("Pendulum-v1/default-seed0", "Pendulum-v1/default-seed0-2",
                                            "Pendulum-v1/default-seed0-3"));
}

TEST_F(RunFolderTest, ManyAtOnceTakeDifferentNames) {
  std::vector<std::unique_ptr<RunFolder>> folders(8);
  std::vector<std::thread> threads;
  for (auto& folder : folders) {
    threads.emplace_back(
        [&] { folder = std::unique_ptr<RunFolder>(new RunFolder(RunFolder::next_free(start.options, root))); });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<fs::path> paths;
  for (const auto& folder : folders) paths.insert(folder->path());
  EXPECT_EQ(paths.size(), folders.size());
}

TEST_F(RunFolderTest, ANameCannotLeaveTheFolderOfRuns) {
  start.options.environment = "../../outside";
  start.options.preset = "../x";
  const RunFolder folder = RunFolder::next_free(start.options, root);
  EXPECT_EQ(fs::relative(folder.path(), root).string(), "_..-..-outside/_..-x-seed0");
}

TEST_F(RunFolderTest, LeavesNothingWhenNoTrainingStarted) {
  { const RunFolder folder = RunFolder::at(root / "a/b", false); }
  EXPECT_FALSE(fs::exists(root / "a/b"));
  fs::create_directory(root / "mine");
  { const RunFolder folder = RunFolder::at(root / "mine", false); }
  EXPECT_TRUE(fs::exists(root / "mine"));
}

TEST_F(RunFolderTest, WritesWhatWasAskedAndWhereItRan) {
  RunFolder folder = RunFolder::at(root / "run/", false);
  folder.started(start);
  Options options;
  apply_toml(options, read_file(root / "run/config.toml"), "config.toml");
  EXPECT_EQ(options, start.options);
  const auto machine = nlohmann::json::parse(read_file(root / "run/machine.json"));
  for (const char* key : {"version", "processor", "system", "compiler", "kernels", "started"}) {
    EXPECT_FALSE(machine.at(key).get<std::string>().empty()) << key;
  }
  EXPECT_EQ(machine.at("threads"), 1);
}

// machine.json is for people: what somebody made of it keeps no run from going on.
TEST_F(RunFolderTest, GoesOnWhateverMachineJsonHolds) {
  { RunFolder::at(root / "run", false).started(start); }
  start.step = 100;
  fs::create_directory(root / "run/checkpoints");
  write_file_atomically(root / "run/checkpoints/checkpoint-000000000100.safetensors", "");  // gone on from
  for (const std::string text : {R"({"resumed": 3})", "{", "[]"}) {
    write_file_atomically(root / "run/machine.json", text);
    RunFolder::resume(root / "run").started(start);
    EXPECT_TRUE(nlohmann::json::parse(read_file(root / "run/machine.json")).is_object()) << text;
  }
  write_file_atomically(root / "run/machine.json",
                        R"({"resumed": )" + std::string(50'000, '[') + std::string(50'000, ']') + "}");
  RunFolder::resume(root / "run").started(start);
  EXPECT_LT(fs::file_size(root / "run/machine.json"), 10'000u);
  fs::remove(root / "run/machine.json");
  fs::create_directory(root / "run/machine.json");
  std::string warning;
  RunFolder folder = RunFolder::resume(root / "run");
  folder.set_warn([&](const std::string& text) { warning += text; });
  folder.started(start);
  EXPECT_THAT(warning, ::testing::HasSubstr("machine.json is a folder"));
}

TEST_F(RunFolderTest, SavesThePolicyAtEachCheckpointAndAtTheEnd) {
  start.options.checkpoint_interval = 20;
  RunFolder folder = RunFolder::at(root / "run", false);
  folder.started(start);
  progress(folder, 15);
  EXPECT_FALSE(fs::exists(folder.policy_file()));
  progress(folder, 25);
  EXPECT_TRUE(fs::exists(folder.policy_file()));
  fs::remove(folder.policy_file());
  progress(folder, 35);
  EXPECT_FALSE(fs::exists(folder.policy_file()));
  progress(folder, 40);
  EXPECT_TRUE(fs::exists(folder.policy_file()));
  fs::remove(folder.policy_file());
  folder.ended({}, policy);
  EXPECT_TRUE(fs::exists(folder.policy_file()));
}

// As on a full disk: a line for each row would fill the log, too.
TEST_F(RunFolderTest, WarnsOnceOfAPolicyThatCannotBeSaved) {
  start.options.checkpoint_interval = 10;
  int warnings = 0;
  RunFolder folder = RunFolder::at(root / "run", false);
  folder.set_warn([&](const std::string&) { warnings++; });
  folder.started(start);
  fs::create_directory(folder.policy_file());
  for (const int step : {10, 20, 30}) progress(folder, step);
  EXPECT_EQ(warnings, 1);
  fs::remove(folder.policy_file());
  progress(folder, 31);
  EXPECT_TRUE(fs::exists(folder.policy_file()));
  fs::remove(folder.policy_file());
  fs::create_directory(folder.policy_file());
  progress(folder, 40);
  EXPECT_EQ(warnings, 2);
}

// In the midst of a row or of the end: what could not be written is not the cause.
TEST_F(RunFolderTest, NamesTheFolderThatGoesWhileItWrites) {
  struct : Observer {
    void progressed(const Progress&, const Policy&) override { fs::remove_all(folder); }
    void ended(const Summary&, const Policy&) override { fs::remove_all(folder); }
    fs::path folder;
  } records;
  records.folder = root / "run";
  Progress row;
  row.best = true;
  for (const auto& write :
       std::vector<std::function<void(RunFolder&)>>{[&](RunFolder& folder) { folder.progressed(row, policy); },
                                                    [&](RunFolder& folder) { folder.ended({}, policy); }}) {
    RunFolder folder = RunFolder::at(records.folder, false);
    folder.set_records(&records);
    folder.started(start);
    EXPECT_THAT([&] { write(folder); }, ThrowsMessage<Error>(HasSubstr("no longer the folder that it was")));
  }
}

TEST_F(RunFolderTest, SummaryHasNullForWhatWasNotMeasured) {
  RunFolder folder = RunFolder::at(root / "run", false);
  folder.started(start);
  Summary summary;
  summary.steps = 100;
  summary.after.episodes = 10;
  summary.after.mean_return = -150.5;
  folder.ended(summary, policy);
  const auto json = nlohmann::json::parse(read_file(root / "run/summary.json"));
  EXPECT_EQ(json.at("environment"), "Pendulum-v1");
  EXPECT_EQ(json.at("steps"), 100);
  EXPECT_EQ(json.at("mean_return"), -150.5);
  EXPECT_TRUE(json.at("initial_mean_return").is_null());
  EXPECT_EQ(json.at("outcome"), "finished");
}

TEST_F(RunFolderTest, NeverOverwritesWithoutBeingTold) {
  { RunFolder::at(root / "run", false).started(start); }
  std::ofstream(root / "run/notes.txt") << "mine";
  std::ofstream(root / "run/policy.ddpg") << "old";
  EXPECT_THAT([&] { RunFolder::at(root / "run", false); }, ThrowsMessage<UsageError>(HasSubstr("--overwrite")));
  EXPECT_EQ(read_file(root / "run/policy.ddpg"), "old");

  RunFolder folder = RunFolder::at(root / "run", true);
  EXPECT_TRUE(fs::exists(root / "run/policy.ddpg")) << "removed before the new training has started";
  folder.started(start);
  EXPECT_FALSE(fs::exists(root / "run/policy.ddpg"));
  EXPECT_EQ(read_file(root / "run/notes.txt"), "mine");
}

TEST_F(RunFolderTest, OverwritesNothingThatIsNoRun) {
  fs::create_directory(root / "home");
  std::ofstream(root / "home/policy.ddpg") << "mine";
  EXPECT_THAT([&] { RunFolder::at(root / "home", true); }, ThrowsMessage<UsageError>(HasSubstr("no config.toml")));
  std::ofstream(root / "file") << "mine";
  EXPECT_THAT([&] { RunFolder::at(root / "file", true); }, ThrowsMessage<UsageError>(HasSubstr("not a folder")));
  EXPECT_EQ(read_file(root / "file"), "mine");
}

TEST_F(RunFolderTest, RefusesAFolderInUse) {
  RunFolder folder = RunFolder::at(root / "run", false);
  EXPECT_THAT([&] { RunFolder::at(root / "run", false); }, ThrowsMessage<UsageError>(HasSubstr("another training")));
  folder.started(start);
  EXPECT_THAT([&] { RunFolder::at(root / "run", true); }, ThrowsMessage<UsageError>(HasSubstr("another training")));
}

TEST_F(RunFolderTest, SaysWhichFolderCannotBeMade) {
  EXPECT_THAT([&] { RunFolder::at("/proc/nothing/run", false); }, ThrowsMessage<Error>(HasSubstr("/proc/nothing")));
}

}  // namespace
}  // namespace ddpg
