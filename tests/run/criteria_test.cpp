// What ends a training before its last step, and what goes on from there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ddpg/train.h"
#include "run/checkpoint_contents.h"
#include "run/rows.h"
#include "run/small_run.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;
using testing::differences;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kept;
using testing::Rows;

// Ended by the criterion; then resumed without it, to the bits of a training that never had it.
void expect_ends(const StopOptions& stop, const std::string& criterion) {
  SCOPED_TRACE(criterion);
  const testing::TemporaryFolder folder;
  const std::string ended = folder.path() / "ended", straight = folder.path() / "straight";
  Options options = testing::small_run(400);
  options.checkpoint_interval = 130;
  Rows rows, expected;
  train(options, {&expected}, nullptr, straight);
  options.stop = stop;
  train(options, {&rows}, nullptr, ended);
  EXPECT_EQ(rows.summary.outcome, Outcome::finished);
  EXPECT_THAT(rows.summary.criterion, HasSubstr(criterion));
  const std::int64_t step = rows.summary.steps;
  EXPECT_LT(step, 400);

  const std::vector<std::string> before = rows.lines;
  resume(options, ended, {&rows});  // the same once more
  EXPECT_EQ(rows.lines, before);
  EXPECT_EQ(rows.summary.steps, step);

  options.stop = {};
  resume(options, ended, {&rows});
  EXPECT_EQ(rows.lines, expected.lines);
  EXPECT_EQ(rows.summary.criterion, "");
  options.stop = {};
  EXPECT_THAT(differences(kept(straight), kept(ended)), IsEmpty());
}

TEST(Criteria, EndATrainingAndLeaveItResumable) {
  expect_ends({.at_return = -1e9}, "stop.at_return = -1000000000: the mean return of the last test is");
  expect_ends({.no_progress_for = 1}, "stop.no_progress_for = 1: no test was better than that of step");
}

TEST(Criteria, EndATrainingByItsTime) {
  Options options = testing::small_run(1'000'000);
  options.stop.after = 0.2;
  Rows rows;
  train(options, {&rows});
  EXPECT_EQ(rows.summary.outcome, Outcome::finished);
  EXPECT_THAT(rows.summary.criterion, HasSubstr("stop.after = 0.2"));
  EXPECT_LT(rows.summary.steps, 1'000'000);
  EXPECT_GT(rows.summary.after.episodes, 0);
}

TEST(Criteria, LeaveATrainingAloneThatMeetsNone) {
  Options options = testing::small_run(200);
  options.stop = {.at_return = 1e9, .no_progress_for = 1'000'000, .after = 1e9};
  Rows rows, expected;
  train(options, {&rows});
  options.stop = {};
  train(options, {&expected});
  EXPECT_EQ(rows.lines, expected.lines);
  EXPECT_EQ(rows.summary.criterion, "");
}

}  // namespace
}  // namespace ddpg
