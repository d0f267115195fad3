// A line of a table in which one bit has turned is mended; one that is damaged further is left out.
#include "run/line_sums.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/files.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::vector<std::string> kLines = {"step,episodes,evaluation_mean_return,seconds\n",
                                         "0,0,-1203.9874218750001,0.5\n", "1000,5,,1.25\n",
                                         "2000,10,-148.24,2.5e-05\n"};

std::string text_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

std::string sums_of(const std::vector<std::string>& lines) {
  std::string sums;
  std::size_t end = 0;
  for (const std::string& line : lines) sums += sum_of_line(line, end += line.size());
  return sums;
}

const std::string kText = text_of(kLines), kSums = sums_of(kLines);

std::string turned(std::string text, std::size_t bit) {
  text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << bit % 8));
  return text;
}

TEST(LineSums, AnyBitOfTheTableIsMended) {
  for (std::size_t bit = 0; bit < 8 * kText.size(); bit++) {
    const CheckedLines checked = check_lines(turned(kText, bit), kSums);
    EXPECT_EQ(checked.text(), kText) << bit;
    EXPECT_EQ(checked.mended.size(), 1u) << bit;
  }
}

TEST(LineSums, NoBitOfTheSumsTakesALineAway) {
  for (std::size_t bit = 0; bit < 8 * kSums.size(); bit++) {
    const CheckedLines checked = check_lines(kText, turned(kSums, bit));
    EXPECT_EQ(checked.text(), kText) << bit;
    EXPECT_FALSE(checked.damaged()) << bit;
  }
}

TEST(LineSums, WhatIsDamagedFurtherIsLeftOut) {
  std::vector<std::string> damaged = kLines;
  damaged[2] = "1001,6,,1.25\n";
  const CheckedLines checked = check_lines(text_of(damaged), kSums);
  EXPECT_EQ(checked.text(), kLines[0] + kLines[1] + kLines[3]);
  EXPECT_THAT(checked.lost, ElementsAre(3));
  EXPECT_EQ(checked.problem(), "line 3 differs from what was written, beyond mending, and is left out");
  damaged[1] = turned(damaged[1], 21);
  EXPECT_EQ(
      check_lines(text_of(damaged), kSums).problem(),
      "line 3 differs from what was written, beyond mending, and is left out; line 2 had a wrong bit, which is mended");
}

// A kill came after the table had been mended and before its sums were written.
TEST(LineSums, ALineThatIsGoneFromTheTableCostsNoOther) {
  for (int gone = 1; gone < 4; gone++) {
    std::vector<std::string> lines = kLines;
    std::vector<int> numbers = {1, 2, 3, 4, 5};
    lines.erase(lines.begin() + gone - 1);
    numbers.erase(numbers.begin() + gone - 1);
    lines.push_back("3000,15,,3\n");  // without a sum
    const CheckedLines checked = check_lines(text_of(lines), kSums);
    EXPECT_EQ(checked.lines, lines);
    EXPECT_EQ(checked.numbers, numbers);
    EXPECT_FALSE(checked.damaged());
  }
}

// Whatever bytes turned, also to line ends or from them: all other lines are left, and no part of one.
TEST(LineSums, DamageCostsTheLinesThatItIsInAndNoPartOfThemStays) {
  for (std::size_t at = 0; at + 3 <= kText.size(); at++) {
    for (const char* bytes : {"\n\n\n", "x\ny", "xyz"}) {
      std::string damaged = kText;
      damaged.replace(at, 3, bytes);
      std::vector<std::string> sound;
      std::size_t begin = 0;
      for (const std::string& line : kLines) {
        if (damaged.substr(begin, line.size()) == line) sound.push_back(line);
        begin += line.size();
      }
      const CheckedLines checked = check_lines(damaged, kSums);
      EXPECT_THAT(kLines, ::testing::IsSupersetOf(checked.lines)) << at;
      EXPECT_THAT(checked.lines, ::testing::IsSupersetOf(sound)) << at;
    }
  }
}

TEST(LineSums, SumsOfOtherRowsLeaveNoPartOfALine) {
  const std::string other_rows = kLines[0] + "0,0,-1203,0.5\n" + kLines[2] + kLines[3];
  EXPECT_EQ(check_lines(other_rows, kSums).text(), kLines[0] + kLines[2] + kLines[3]);
}

TEST(LineSums, ALineInTwoPiecesCostsNoOther) {
  std::string damaged = kText;
  damaged.replace(kLines[0].size() + kLines[1].size() + 2, 3, "\nxy");
  const CheckedLines checked = check_lines(damaged, kSums);
  EXPECT_EQ(checked.text(), kLines[0] + kLines[1] + kLines[3]);
  EXPECT_THAT(checked.lost, ElementsAre(3));
  EXPECT_THAT(checked.numbers, ElementsAre(1, 2, 4));
}

TEST(LineSums, LinesWithoutASumAreTakenAndATornOneIsNot) {
  EXPECT_EQ(check_lines(kText, "").text(), kText);
  EXPECT_EQ(check_lines(kText, kSums.substr(0, 30)).text(), kText);
  EXPECT_EQ(check_lines(kText, std::string(500, '\0')).text(), kText);
  EXPECT_EQ(check_lines(kText + "3000,1", kSums).text(), kText);
  const CheckedLines torn = check_lines(kText.substr(0, kText.size() - 4), kSums);
  EXPECT_EQ(torn.text(), kLines[0] + kLines[1] + kLines[2]);
  EXPECT_FALSE(torn.damaged());
  EXPECT_THAT(check_lines("", kSums).lines, IsEmpty());
}

TEST(LineSums, OfAFileAreThoseOfItsLines) {
  const testing::TemporaryFolder place;
  const std::filesystem::path file = place.path() / "table.csv";
  std::vector<std::string> lines = kLines;
  lines.push_back(std::string(200'000, 'x') + "\n");  // longer than what is read at a time
  lines.push_back("\n");
  write_file_atomically(file, text_of(lines) + "a torn line");
  EXPECT_EQ(ddpg::sums_of(file), sums_of(lines));
}

TEST(LineSums, ATableThatIsAnotherCostsLittle) {
  std::vector<std::string> lines(3'000, std::string(200, 'x') + "\n");
  const std::string sums = sums_of(lines);
  for (std::string& line : lines) line[5] = line[7] = 'y';
  const CheckedLines checked = check_lines(text_of(lines), sums);
  EXPECT_EQ(checked.lost.size(), 3'000u);
  EXPECT_EQ(checked.problem(),
            "lines 1, 2, 3, 4, 5 and 2995 more differ from what was written, beyond mending, and are left out");
}

}  // namespace
}  // namespace ddpg
