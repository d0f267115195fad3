#include "run/progress_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ddpg/error.h"
#include "record/csv.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsNan;

ProgressTable parsed(const std::string& text) {
  return parse_progress(text, "progress.csv");
}

TEST(ProgressTable, ReadsBackWhatIsWrittenToTheBit) {
  Progress progress;
  progress.step = 12'000;
  progress.critic_loss = 0.1 + 0.2;
  progress.mean_q = -1e-300;
  const ProgressTable table = parsed(csv_header() + "\n" + csv_row({}) + "\n" + csv_row(progress) + "\n");
  EXPECT_EQ(table.rows(), 2u);
  EXPECT_THAT(table.column("step"), ElementsAre(0, 12'000));
  EXPECT_THAT(table.column("critic_loss"), ElementsAre(IsNan(), 0.1 + 0.2));
  EXPECT_EQ(table.last("mean_q"), -1e-300);
  EXPECT_THAT(table.last("actor_loss"), IsNan());
}

TEST(ProgressTable, OneThatIsTooLongToBeReadSaysWhatToDo) {
  const testing::TemporaryFolder place;
  const std::filesystem::path file = place.path() / "progress.csv";
  write_file_atomically(file, "step\n0\n");
  std::string problem;
  EXPECT_EQ(read_progress(file, problem).rows(), 1u);
  std::filesystem::resize_file(file, kLongestTable + 1);
  EXPECT_THAT([&] { read_progress(file, problem); },
              ::testing::ThrowsMessage<Error>(::testing::AllOf(
                  HasSubstr("progress.csv: its 536870913 bytes are more than the 536870912"), HasSubstr("awk"))));
}

TEST(ProgressTable, FindsColumnsByTheirNames) {
  const ProgressTable table = parsed("from_the_future,step\r\n7,1\r\n8,2\r\n");
  EXPECT_THAT(table.column("step"), ElementsAre(1, 2));
  EXPECT_FALSE(table.has("critic_loss"));
  EXPECT_THAT(table.last("critic_loss"), IsNan());
}

TEST(ProgressTable, DropsTheHalfRowOfAKilledRun) {
  EXPECT_THAT(parsed("step,a\n1,2\n3,4").column("step"), ElementsAre(1));
  EXPECT_THAT(parsed("step,a\n1,2\n3").column("step"), ElementsAre(1));
  EXPECT_EQ(parsed("step,a\n").rows(), 0u);
  EXPECT_EQ(parsed("step,a").rows(), 0u);
  EXPECT_EQ(parsed("").rows(), 0u);
}

TEST(ProgressTable, NamesFileAndLineOfWhatIsWrong) {
  const auto refused = [](const std::string& text, const char* named) {
    EXPECT_THAT([&] { parsed(text); }, ::testing::ThrowsMessage<Error>(HasSubstr(named))) << text;
  };
  refused("steps,a\n", "[progress.csv:1] no column is named \"step\"");
  refused("step,a,a\n", "\"a\" is there twice");
  refused("step,a\n1,2\n3\n", "[progress.csv:3] expected 2 fields as in the first line, found 1");
  refused("step,a\n1,2,3\n", "found at least 3");
  refused("step,a\n1,0x\n", "a\": expected a number, found \"0x\"");
  refused("step,a\n1, 2\n", "expected a number");
  refused("step,a\n,2\n", "step: expected a number of steps");
  refused("step,a\ninf,2\n", "step: expected a number of steps");
  refused("step,a\n-1,2\n", "step: expected a number of steps");
  refused("step,a\n5,2\n4,2\n", "step 4 comes after step 5");
  refused("step\n\n", "step: expected a number of steps");
  refused(std::string("step,\x1b[2J\n1,x\n"), "\\x1b");
  refused(std::string(20'000, ',') + "\n", "more than 10000 columns");
}

}  // namespace
}  // namespace ddpg
