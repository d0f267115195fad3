#include "record/run_records.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "policy/policy_samples.h"
#include "record/tensorboard.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;

TEST(RunRecords, WritesWhatWasChosenAndFindsItAgain) {
  const testing::TemporaryFolder place;
  const fs::path folder = place.path() / "run";
  const Policy policy(testing::sample_policy(testing::actor_shape(3, {4}, 1)));
  for (const RecordChoice choice : {RecordChoice{}, RecordChoice{true, false}, RecordChoice{false, true}}) {
    fs::create_directory(folder);
    RunRecords records(folder, choice);
    records.started({});
    records.progressed({}, policy);
    EXPECT_TRUE(fs::exists(folder / "progress.csv"));
    EXPECT_EQ(fs::exists(folder / "progress.jsonl"), choice.json_lines);
    EXPECT_EQ(event_files(folder).size(), choice.tensorboard ? 1u : 0u);
    EXPECT_EQ(records_in(folder).json_lines, choice.json_lines);
    EXPECT_EQ(records_in(folder).tensorboard, choice.tensorboard);
    fs::remove_all(folder);
  }
}

}  // namespace
}  // namespace ddpg
