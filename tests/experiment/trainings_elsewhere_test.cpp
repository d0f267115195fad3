// Trainings on the processes of a group: they leave what trainings here leave, and outlive the process they ran at.
#include "experiment/trainings_elsewhere.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <thread>

#include "actors/player.h"
#include "actors/players.h"
#include "ddpg/error.h"
#include "experiment/scripted_experiment.h"
#include "group/local_group.h"
#include "support/files.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::Players;

class ExperimentElsewhere : public testing::ScriptedExperiment {
 protected:
  std::vector<SeedProgress> train_at(const std::shared_ptr<Group>& group, ExperimentFolder& folder) {
    return train(
        folder, [] {}, std::make_unique<TrainingsElsewhere>(group, program_));
  }
  static std::map<std::string, std::string> files_in(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (entry.is_regular_file()) files[fs::relative(entry.path(), folder).string()] = read_file(entry.path());
    return files;
  }
};

TEST_F(ExperimentElsewhere, LeavesWhatOneHereLeaves) {
  write_program("echo $seed says; row 50 -9\nrow 100 -$seed\nfinish\n");
  std::map<std::string, std::string> here, there;
  {
    ExperimentFolder folder = create();
    train(folder);
    here = files_in(folder.path());
  }
  fs::remove_all(place_ / "experiment");
  ExperimentFolder folder = create();
  const Players watchers(3, train_for);
  for (const SeedProgress& seed : train_at(watchers.learner(), folder))
    EXPECT_EQ(seed.state, SeedState::finished) << seed.error;
  there = files_in(folder.path());
  EXPECT_EQ(there, here);
  EXPECT_EQ(there.at("seed4.log"), "4 says\n");
}

// One member takes a training and is gone with it.
TEST_F(ExperimentElsewhere, WhatIsLostIsDoneAgainByAnother) {
  write_program("row 50 -9\nfinish\n");
  ExperimentFolder folder = create();
  auto members = LocalGroup::of(3);
  const std::shared_ptr<Group> first = std::move(members[0]);
  std::thread lasting([&] { train_for(*members[2]); });
  std::thread dying([&] {
    wait_for_message(*members[1], 0);
    members[1]->die();
  });
  for (const SeedProgress& seed : train_at(first, folder)) EXPECT_EQ(seed.state, SeedState::finished) << seed.error;
  send_home(*first);
  dying.join();
  lasting.join();
  EXPECT_EQ(count_calls("train "), 3u);
}

TEST_F(ExperimentElsewhere, WhatASignalKillsIsTriedOnceMore) {
  write_program("case $seed in\n3) [ $verb = resume ] || kill -9 $$;;\n4) kill -9 $$;;\nesac\nfinish\n");
  ExperimentFolder folder = create();
  const Players watchers(2, train_for);
  const auto seeds = train_at(watchers.learner(), folder);
  EXPECT_EQ(seeds[0].state, SeedState::finished);
  EXPECT_EQ(seeds[1].state, SeedState::failed);
  EXPECT_THAT(seeds[1].error, HasSubstr("killed by signal 9"));
  EXPECT_EQ(seeds[2].state, SeedState::finished);
  EXPECT_EQ(count_calls("seed4"), 2u);
}

TEST_F(ExperimentElsewhere, StoppingReachesEachAndStartsNoOther) {
  write_program("trap 'exit 130' TERM\nrow 50 -9\nwhile true; do sleep 0.02; done\n");
  ExperimentFolder folder = create();
  const Players watchers(2, train_for);
  const auto begun = [&] { stop_ = folder.look_at(3).step == 50 && folder.look_at(4).step == 50; };
  for (const SeedProgress& seed :
       train(folder, begun, std::make_unique<TrainingsElsewhere>(watchers.learner(), program_)))
    EXPECT_EQ(seed.state, SeedState::interrupted) << seed.error;
  EXPECT_EQ(count_calls("seed5"), 0u);
}

// The process that watches it is asked to end by process 0's loss; the training is then told twice, and saves once.
TEST_F(ExperimentElsewhere, WhatIsLeftBehindSaves) {
  write_program(
      "save() { sleep 0.3; touch \"$run/saved\"; exit 130; }\ntrap 'trap - TERM; save' TERM\ntrap save USR1\n"
      "row 50 -9\nwhile true; do sleep 0.02; done\n");
  auto members = LocalGroup::of(2);
  const std::shared_ptr<LocalGroup> first = std::move(members[0]);
  std::thread watcher([&] { train_for(*members[1]); });
  const fs::path run = place_ / "seed3";
  const auto wait_for = [](const fs::path& file, const std::string& text) {
    for (int i = 0; i < 1'000 && !(fs::exists(file) && read_file(file).find(text) != std::string::npos); i++)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return fs::exists(file);
  };
  TrainingsElsewhere trainings(first, program_);
  trainings.begin(0, {"ddpg", "resume", run.string()}, place_ / "log");
  EXPECT_TRUE(wait_for(run / "progress.csv", "50,-9"));
  first->die();
  watcher.join();
  EXPECT_TRUE(wait_for(run / "saved", ""));
}

TEST_F(ExperimentElsewhere, WithoutAnyItEndsAndSaysWhatToDo) {
  write_program("finish\n");
  ExperimentFolder folder = create();
  auto members = LocalGroup::of(2);
  const std::shared_ptr<Group> first = std::move(members[0]);
  members[1]->die();
  EXPECT_THAT([&] { train_at(first, folder); }, ::testing::ThrowsMessage<Error>(HasSubstr("resume the experiment")));
}

TEST_F(ExperimentElsewhere, WhatCannotBeStartedNamesItsProcess) {
  ExperimentFolder folder = create();
  const Players watchers(1, train_for);
  for (const SeedProgress& seed : train_at(watchers.learner(), folder)) {
    EXPECT_EQ(seed.state, SeedState::failed);
    EXPECT_THAT(seed.error, ::testing::AllOf(HasSubstr("process 1"), HasSubstr(program_.string())));
  }
}

}  // namespace
}  // namespace ddpg
