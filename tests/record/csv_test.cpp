#include "record/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <initializer_list>
#include <set>
#include <sstream>

#include "ddpg/error.h"
#include "policy/policy_samples.h"
#include "run/line_sums.h"
#include "support/files.h"
#include "support/size_limit.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> parts;
  std::stringstream stream(line + ",");
  for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
  return parts;
}

std::string field(const Progress& progress, const std::string& column) {
  const auto names = fields(csv_header()), values = fields(csv_row(progress));
  EXPECT_EQ(names.size(), values.size());
  const auto place = std::find(names.begin(), names.end(), column);
  return place == names.end() ? "no such column" : values[place - names.begin()];
}

TEST(Csv, PutsTheColumnsOfTheClockLast) {
  const auto names = fields(csv_header());
  EXPECT_EQ(names.front(), "step");
  EXPECT_THAT(std::vector<std::string>(names.end() - 3, names.end()),
              ::testing::ElementsAre("seconds", "steps_per_second", "updates_per_second"));
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
}

TEST(Csv, LeavesFieldsEmptyThatWereNotMeasured) {
  Progress progress;
  progress.step = 1'000'000;
  EXPECT_EQ(field(progress, "step"), "1000000");
  EXPECT_EQ(field(progress, "critic_loss"), "");
  EXPECT_EQ(field(progress, "evaluation_episodes"), "0");
  EXPECT_EQ(field(progress, "evaluation_mean_return"), "");
  EXPECT_EQ(field(progress, "updates_per_second"), "");
}

TEST(Csv, PutsEachNumberUnderItsName) {
  Progress progress;
  progress.critic_loss = 1;
  progress.actor_loss = 2;
  progress.mean_q = 3;
  progress.mean_target = 4;
  progress.evaluation.std_return = 5;
  progress.evaluation.predicted_q = 6;
  progress.evaluation.discounted_return = 7;
  EXPECT_EQ(field(progress, "critic_loss"), "1");
  EXPECT_EQ(field(progress, "actor_loss"), "2");
  EXPECT_EQ(field(progress, "mean_q"), "3");
  EXPECT_EQ(field(progress, "mean_target"), "4");
  EXPECT_EQ(field(progress, "evaluation_std_return"), "5");
  EXPECT_EQ(field(progress, "evaluation_predicted_q"), "6");
  EXPECT_EQ(field(progress, "evaluation_discounted_return"), "7");
}

TEST(Csv, NumbersReadBackToTheSameBits) {
  for (const double value : {0.1, 1.0 / 3, -1e-300, 5e-324, 123456789.123456789, 1e22}) {
    Progress progress;
    progress.mean_q = value;
    const std::string text = field(progress, "mean_q");
    double read = 0;
    std::from_chars(text.data(), text.data() + text.size(), read);
    EXPECT_EQ(read, value) << text;
  }
}

TEST(Csv, EachRowIsInTheFileAtOnce) {
  const testing::TemporaryFolder place;
  const fs::path file = place.path() / "progress.csv";
  const Policy policy(testing::sample_policy(testing::actor_shape(3, {4}, 1)));
  CsvRecorder recorder(file);
  recorder.started({});
  EXPECT_EQ(read_file(file), csv_header() + "\n");
  Progress progress;
  progress.step = 7;
  recorder.progressed(progress, policy);
  EXPECT_EQ(read_file(file), csv_header() + "\n" + csv_row(progress) + "\n");
  fs::remove(file);
}

TEST(Csv, AFullDiskIsAnErrorThatNamesTheFile) {
  const testing::TemporaryFolder place;
  CsvRecorder full(place.path() / "progress.csv");
  const testing::SizeLimit limit(4);
  EXPECT_THAT([&] { full.started({}); },
              ::testing::ThrowsMessage<Error>(::testing::HasSubstr("progress.csv: File too large")));
  CsvRecorder nowhere("/proc/nothing/progress.csv");
  EXPECT_THAT([&] { nowhere.started({}); },
              ::testing::ThrowsMessage<Error>(::testing::HasSubstr("/proc/nothing/progress.csv")));
}

// A table with the rows of steps 0, 100, 200, ... in a file of its own.
class ResumedCsv : public ::testing::Test {
 protected:
  ~ResumedCsv() override { fs::remove(file_); }

  static std::string rows(std::initializer_list<std::int64_t> steps) {
    std::string text = csv_header() + "\n";
    for (const std::int64_t step : steps) text += row(step) + "\n";
    return text;
  }
  static std::string row(std::int64_t step) {
    Progress progress;
    progress.step = step;
    return csv_row(progress);
  }
  // What is in the file after a training that resumes after `rows` rows has reported one step.
  std::string go_on(std::int64_t rows, std::int64_t step) {
    RunStart start;
    start.rows = rows;
    start.step = step;
    start.last_row_step = step - 1;  // at most
    Progress progress;
    progress.step = step;
    CsvRecorder recorder(file_, [this](const std::string& text) { warnings_ += text; });
    recorder.started(start);
    recorder.progressed(progress, policy_);
    return read_file(file_);
  }

  testing::TemporaryFolder place_;
  fs::path file_ = place_.path() / "resumed.csv";
  Policy policy_{testing::sample_policy(testing::actor_shape(3, {4}, 1))};
  std::string warnings_;
};

TEST_F(ResumedCsv, KeepsTheFirstRowsAndDropsTheRestAndATornLine) {
  write_file_atomically(file_, rows({0, 100, 200, 300}) + "400,3,1");
  EXPECT_EQ(go_on(2, 150), rows({0, 100, 150}));
  write_file_atomically(file_, rows({0, 100}) + row(200).substr(0, 20));
  EXPECT_EQ(go_on(2, 200), rows({0, 100, 200}));
  EXPECT_EQ(warnings_, "");
}

// As 99 of 149 flipped bits once were: kept, and told as measurements.
TEST_F(ResumedCsv, MendsARowInWhichABitHasTurned) {
  const std::string whole = rows({0, 100, 200});
  for (std::size_t i = csv_header().size() + 1; i < whole.size(); i += 7) {
    fs::remove(file_);
    go_on(0, 0), go_on(1, 100), go_on(2, 200);
    std::string damaged = read_file(file_);
    ASSERT_EQ(damaged, whole);
    damaged[i] = static_cast<char>(damaged[i] ^ (1 << i % 8));
    write_file_atomically(file_, damaged);
    warnings_.clear();
    EXPECT_EQ(go_on(3, 300), rows({0, 100, 200, 300})) << i;
    EXPECT_THAT(warnings_, ::testing::HasSubstr("resumed.csv: line ")) << i;
  }
}

TEST_F(ResumedCsv, LeavesOutARowThatIsDamagedFurtherAndKeepsTheFileAsItWas) {
  go_on(0, 0), go_on(1, 100), go_on(2, 200), go_on(3, 300);
  std::string damaged = read_file(file_);
  damaged.replace(damaged.find("\n100,"), 4, "\n234");
  write_file_atomically(file_, damaged);
  EXPECT_EQ(go_on(3, 250), rows({0, 200, 250}));  // the row of step 300 came after the checkpoint
  EXPECT_THAT(warnings_, ::testing::HasSubstr("resumed.csv: line 3 differs from what was written"));
  EXPECT_EQ(read_file(file_.string() + ".damaged"), damaged);
  warnings_.clear();
  EXPECT_EQ(go_on(3, 300), rows({0, 200, 250, 300}));
  EXPECT_EQ(warnings_, "");
}

// The sums of before are never beside other rows: whatever is there when the process is killed reads as it was written.
TEST_F(ResumedCsv, HasTheSumsOfItsOwnRowsOrNone) {
  const auto expect_whole = [&] {
    const CheckedLines checked = check_lines(read_file(file_), read_sums(file_));
    EXPECT_FALSE(checked.damaged()) << checked.problem();
    EXPECT_EQ(checked.text(), read_file(file_));
  };
  go_on(0, 0), go_on(1, 100), go_on(2, 200), go_on(3, 300);
  expect_whole();
  RunStart start;
  start.rows = 2;
  start.step = 150;
  start.last_row_step = 100;
  CsvRecorder recorder(file_);
  recorder.started(start);
  EXPECT_EQ(read_file(file_), rows({0, 100, 200, 300}));
  expect_whole();
  fs::create_directory(sums_file(file_).string() + ".kept");
  fs::rename(sums_file(file_), sums_file(file_).string() + ".kept/sums");
  fs::create_directory(sums_file(file_));  // they can neither go nor be written: then the rows stay, too
  EXPECT_THROW(recorder.progressed({}, policy_), Error);
  EXPECT_EQ(read_file(file_), rows({0, 100, 200, 300}));
  fs::remove(sums_file(file_));
  go_on(2, 1'000'000);
  expect_whole();
  EXPECT_EQ(std::ranges::count(read_sums(file_), '\n'), 4);
}

// A kill between the mending of the table and the writing of its sums.
TEST_F(ResumedCsv, AMendingThatIsKilledCostsNoFurtherRow) {
  go_on(0, 0), go_on(1, 100), go_on(2, 200), go_on(3, 300), go_on(4, 400);
  std::string damaged = read_file(file_);
  damaged.replace(damaged.find("\n100,"), 4, "\n234");
  write_file_atomically(file_, damaged);
  RunStart start;
  start.rows = 4;
  start.step = 350;
  start.last_row_step = 300;
  CsvRecorder(file_).started(start);
  EXPECT_EQ(read_file(file_), rows({0, 200, 300, 400}));
  EXPECT_EQ(go_on(4, 350), rows({0, 200, 300, 350}));
  EXPECT_EQ(warnings_, "");
  EXPECT_EQ(read_file(file_.string() + ".damaged"), damaged);
  EXPECT_FALSE(fs::exists(file_.string() + ".damaged-2"));
}

TEST_F(ResumedCsv, KeepsEachTableThatWasDamaged) {
  go_on(0, 0), go_on(1, 100), go_on(2, 200);
  std::vector<std::string> damaged;
  for (const char* row : {"\n100,", "\n200,"}) {
    damaged.push_back(read_file(file_));
    damaged.back().replace(damaged.back().find(row), 4, "\n234");
    write_file_atomically(file_, damaged.back());
    go_on(3, 300);
  }
  EXPECT_EQ(read_file(file_.string() + ".damaged"), damaged[0]);
  EXPECT_EQ(read_file(file_.string() + ".damaged-2"), damaged[1]);
  EXPECT_THAT(warnings_, ::testing::HasSubstr("resumed.csv.damaged-2"));
}

TEST_F(ResumedCsv, BeginsAnewFromTheFirstRow) {
  write_file_atomically(file_, "something else\n");
  EXPECT_EQ(go_on(0, 0), rows({0}));
}

TEST_F(ResumedCsv, GoesOnWithAWarningWhenRowsAreMissing) {
  write_file_atomically(file_, rows({0}));
  EXPECT_EQ(go_on(3, 300), rows({0, 300}));
  EXPECT_THAT(warnings_, ::testing::HasSubstr("resumed.csv holds 1 of the 3 rows"));
  fs::remove(file_);
  warnings_.clear();
  EXPECT_EQ(go_on(3, 300), rows({300}));
  EXPECT_THAT(warnings_, ::testing::HasSubstr("0 of the 3 rows"));
}

TEST_F(ResumedCsv, RefusesATableWithOtherColumnsAndLeavesItAlone) {
  const std::string other = "step,episodes\n0,0\n100,1\n";
  write_file_atomically(file_, other);
  EXPECT_THAT(
      [&] { go_on(2, 200); },
      ::testing::ThrowsMessage<Error>(::testing::AllOf(
          ::testing::HasSubstr("resumed.csv"), ::testing::HasSubstr("\"step,episodes\""),
          ::testing::HasSubstr("expected \"step,episodes,updates,"), ::testing::HasSubstr("move the file away"))));
  EXPECT_EQ(read_file(file_), other);
}

}  // namespace
}  // namespace ddpg
