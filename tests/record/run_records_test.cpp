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

TEST(RunRecords, EveryKindHasItsRecorder) {
  const testing::TemporaryFolder place;
  const Policy policy(testing::sample_policy(testing::actor_shape(3, {4}, 1)));
  RecordNames all;
  for (const RecordKind& kind : record_kinds()) all.insert(kind.name);
  RunRecords records(place.path(), all);
  records.started({});
  records.progressed({}, policy);
  EXPECT_EQ(records_in(place.path()), all);
}

TEST(RunRecords, WritesWhatWasChosenAndFindsItAgain) {
  const testing::TemporaryFolder place;
  const fs::path folder = place.path() / "run";
  const Policy policy(testing::sample_policy(testing::actor_shape(3, {4}, 1)));
  for (const RecordNames& names : {RecordNames{}, RecordNames{"jsonl"}, RecordNames{"tensorboard"}}) {
    fs::create_directory(folder);
    RunRecords records(folder, names);
    records.started({});
    records.progressed({}, policy);
    EXPECT_TRUE(fs::exists(folder / "progress.csv"));
    EXPECT_EQ(fs::exists(folder / "progress.jsonl"), names.contains("jsonl"));
    EXPECT_EQ(event_files(folder).size(), names.contains("tensorboard") ? 1u : 0u);
    EXPECT_EQ(records_in(folder), names);
    fs::remove_all(folder);
  }
}

}  // namespace
}  // namespace ddpg
