#include "record/append_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <utility>

#include "ddpg/error.h"
#include "support/files.h"
#include "support/size_limit.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;

TEST(AppendFile, CutsOffTheHalfOfARecordThatTheDiskDidTake) {
  const testing::TemporaryFolder place;
  const fs::path path = place.path() / "file";
  AppendFile file("csv", path);
  file.begin();
  file.append("0,whole\n");
  {
    const testing::SizeLimit limit(12);
    EXPECT_THAT([&] { file.append("100,half a row\n"); },
                ::testing::ThrowsMessage<Error>(::testing::HasSubstr("[csv] cannot write " + path.string())));
  }
  EXPECT_EQ(read_file(path), "0,whole\n");
  file.append("100,there is room again\n");
  EXPECT_EQ(read_file(path), "0,whole\n100,there is room again\n");
  fs::remove(path);
}

TEST(AppendFile, KeepsWhatIsThereUntilTheFirstRecord) {
  const testing::TemporaryFolder place;
  const fs::path path = place.path() / "file";
  const std::string text = "step\n0\n100\n200\n";
  for (const auto& [rows, then] : {std::pair(2, "step\n0\n100\n150\n"), std::pair(0, "step\n150\n")}) {
    write_file_atomically(path, text);
    AppendFile file("csv", path);
    file.continue_lines("step", rows, 100, {});
    EXPECT_EQ(read_file(path), text);
    file.append("150\n");
    EXPECT_EQ(read_file(path), then);
    file.append("160\n");
    EXPECT_EQ(read_file(path), std::string(then) + "160\n");
  }
}

// Longer than any table that is read as a whole: what was written is continued.
TEST(AppendFile, ContinuesAFileOfAnyLength) {
  const testing::TemporaryFolder place;
  const fs::path path = place.path() / "file";
  const std::string text = "step\n0\n1," + std::string(200'000, '1') + "\n";
  write_file_atomically(path, text);
  fs::resize_file(path, kLongestTable + 1);  // a torn row
  AppendFile file("csv", path);
  file.continue_lines("step", 2, std::int64_t{1} << 60, {});
  file.append("200\n");
  EXPECT_EQ(read_file(path), text + "200\n");
}

// A row of before is missing, so that one from after the checkpoint is among the first three: it comes once more. A
// step that is damaged says nothing of the rows behind it.
TEST(AppendFile, DropsTheLastLinesWhereTheyAreOfLaterSteps) {
  const testing::TemporaryFolder place;
  const fs::path path = place.path() / "file";
  for (const auto& [header, row] :
       {std::pair<std::string, std::string>("step,b", "{},7\n"), {"", "{{\"step\": {}}}\n"}}) {
    std::string text = header.empty() ? "" : header + "\n", warning;
    text += fmt::format(fmt::runtime(row), 1'000) + fmt::format(fmt::runtime(row), 200);
    write_file_atomically(path, text + fmt::format(fmt::runtime(row), 300) + fmt::format(fmt::runtime(row), 400));
    AppendFile file("csv", path);
    file.continue_lines(header, 3, 200, [&](const std::string& said) { warning = said; });
    file.append("300");
    EXPECT_EQ(read_file(path), text + "300");
    EXPECT_THAT(warning, ::testing::HasSubstr("holds 2 of the 3 rows"));
  }
}

}  // namespace
}  // namespace ddpg
