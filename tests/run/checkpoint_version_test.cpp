// Checkpoints of version 1 of the format, which hold actions in the environment's units: resumed where these are [-1,
// 1] anyway, refused with what to do where they are not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "agent/test_environments.h"
#include "ddpg/error.h"
#include "ddpg/train.h"
#include "run/checkpoint_contents.h"
#include "support/machine.h"
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
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("version 1"), HasSubstr(kTask), HasSubstr("Resume the run with the ddpg"),
                                    HasSubstr("train anew")));
  }
  EXPECT_THAT(differences(before, kept(folder.path())), IsEmpty());
}

// What is whole, or may be, is never passed over for an older one: that would throw away what it holds. Here the one
// from before the first step is there, too.
class NewestCheckpoint : public ::testing::Test {
 protected:
  void train_with_bound(float bound) {
    options_ = training_of(60, bound);
    options_.checkpoints_kept = 2;
    train(options_, {}, nullptr, folder_.path().string());
    files_ = list_checkpoints(folder_.path());
    ASSERT_EQ(files_.size(), 2u);
  }
  std::string refusal() {
    options_.steps = 90;
    try {
      resume(options_, folder_.path().string());
    } catch (const Error& error) {
      EXPECT_EQ(list_checkpoints(folder_.path()), files_);
      return error.what();
    }
    return "it was resumed";
  }
  const fs::path& newest() const { return files_.front(); }

  TemporaryFolder folder_;
  Options options_;
  std::vector<fs::path> files_;
};

TEST_F(NewestCheckpoint, OfALaterVersionIsRefusedWithBothNumbers) {
  train_with_bound(1);
  rewrite(newest(), newest(), [](CheckpointFile& file) { file.metadata["version"] = "3"; });
  EXPECT_THAT(refusal(), AllOf(HasSubstr(newest().string()), HasSubstr("expected version 1 or 2"), HasSubstr("found 3"),
                               HasSubstr("another ddpg")));
  EXPECT_THROW(resume(options_, folder_.path().string()), UsageError);
  options_.initial_run = folder_.path().string();  // nor is an older one what another training begins from
  EXPECT_THROW(train(options_, {}), UsageError);
}

TEST_F(NewestCheckpoint, OfTheFirstVersionInOtherUnitsIsRefused) {
  train_with_bound(2);
  rewrite(newest(), newest(), [](CheckpointFile& file) { file.metadata["version"] = "1"; });
  EXPECT_THAT(refusal(), HasSubstr("Resume the run with the ddpg"));
}

TEST_F(NewestCheckpoint, ThatCannotBeReadIsRefusedUntilItIsMovedAway) {
  train_with_bound(1);
  fs::rename(newest(), folder_.path() / "kept");
  fs::create_symlink(newest(), newest());  // for root, too, as a file that it may not read is for others
  EXPECT_THAT(refusal(), AllOf(HasSubstr(newest().string()), HasSubstr("It may be whole"), HasSubstr("move it away")));
  fs::remove(newest());
  EXPECT_EQ(refusal(), "it was resumed");
}

TEST_F(NewestCheckpoint, ThatIsLongerThanTheMemoryLeftIsRefused) {
  ASSERT_GT(available_memory(), 0u) << "this system does not say how much memory is left";
  train_with_bound(1);
  fs::resize_file(newest(), 2 * std::uintmax_t{available_memory()});
  EXPECT_THAT(refusal(), AllOf(HasSubstr(newest().string()), HasSubstr("memory available")));
}

}  // namespace
}  // namespace ddpg::testing
