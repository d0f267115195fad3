// Checkpoints of version 1 of the format, which hold actions in the environment's units: resumed where these are [-1,
// 1] anyway, refused with what to do where they are not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "agent/test_environments.h"
#include "ddpg/error.h"
#include "ddpg/train.h"
#include "run/checkpoint_contents.h"
#include "support/temporary_folder.h"

namespace ddpg::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kTask = "CheckpointVersionTest-v0";

Options training_of(std::int64_t steps, float bound) {
  register_environment(
      {.name = kTask, .summary = "a point on a line", .expected = "", .make = [bound](const EnvironmentSettings&) {
         Script script = point();
         script.specification.name = kTask;
         script.specification.action_low = {-bound};
         script.specification.action_high = {bound};
         return scripted(script);
       }});
  Options options;
  options.environment = kTask;
  options.steps = steps;
  options.warmup_steps = options.learning_starts = 20;
  options.batch_size = 8;
  options.replay_capacity = 1'000;
  options.actor.hidden = options.critic.hidden = {4};
  options.evaluation_episodes = 0;
  options.checkpoints_kept = 1;
  return options;
}

// The links of that version hold places in a ring, which are not looked at.
void make_first_version(CheckpointFile& file) {
  file.metadata["version"] = "1";
  for (SnapshotPart& part : file.parts) {
    if (!part.name.ends_with("link")) continue;
    for (std::size_t at = 0; at < part.bytes.size(); at += 4)
      if ((part.bytes[at] & 3) != 0) part.bytes[at + 1] = 5;
  }
}

// The newest checkpoint and its files of the replay buffer as the first version of the format had them.
void make_first_version(const fs::path& folder) {
  const fs::path newest = list_checkpoints(folder).front();
  rewrite(newest, newest, [&](CheckpointFile& file) {
    make_first_version(file);
    auto list = nlohmann::json::parse(file.metadata.at("replay_files"));
    for (auto& entry : list) {
      const fs::path rows = folder / entry.at("file").get<std::string>();
      entry["checksum"] = rewrite(rows, rows, [](CheckpointFile& replay) { make_first_version(replay); });
    }
    file.metadata["replay_files"] = list.dump();
  });
}

TEST(CheckpointVersion, TheFirstGoesOnToTheSameBitsWhereTheBoundsArePlusMinusOne) {
  const TemporaryFolder now, first;
  for (const TemporaryFolder* folder : {&now, &first}) {
    train(training_of(60, 1), {}, nullptr, folder->path().string());
    if (folder == &first) make_first_version(first.path());
    resume(training_of(90, 1), folder->path().string());
  }
  // the files of the first version stay as they were written
  EXPECT_THAT(differences(kept(now.path()), kept(first.path())), ElementsAre("rows of link"));
}

TEST(CheckpointVersion, TheFirstIsRefusedWithWhatToDoWhereTheyAreNot) {
  const TemporaryFolder folder;
  train(training_of(60, 2), {}, nullptr, folder.path().string());
  make_first_version(folder.path());
  const auto before = kept(folder.path());
  try {
    resume(training_of(90, 2), folder.path().string());
    FAIL() << "it was resumed";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("version 1"), HasSubstr(kTask), HasSubstr("Resume the run with the ddpg"),
                                    HasSubstr("train anew")));
  }
  EXPECT_THAT(differences(before, kept(folder.path())), IsEmpty());
}

}  // namespace
}  // namespace ddpg::testing
