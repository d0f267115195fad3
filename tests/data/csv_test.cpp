// Logs as CSV: whatever program wrote them they are read alike, and an error names the place of what is wrong.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "data/data_samples.h"

namespace ddpg {
namespace {

using testing::data_error;
using testing::DataFolder;
using ::testing::HasSubstr;
using testing::read_data;
using testing::ReadData;
using testing::same;

const std::string kNames =
    "observation_0,observation_1,action_0,action_1,reward,next_observation_0,next_observation_1,terminated,truncated\n";
const std::vector<Transition> kThree = {{{0, 1}, {0.5f, 1}, -1, {1, 2}, false, false},
                                        {{1, 2}, {-0.5f, 2}, 2.5, {3, 4}, true, false},
                                        {{5, 6}, {0, 0}, 0, {7, 8}, false, true}};
const std::string kRows = "0,1,0.5,1,-1,1,2,0,0\n1,2,-0.5,2,2.5,3,4,1,0\n5,6,0,0,0,7,8,0,1\n";

TEST(Csv, AColumnForEachNumber) {
  const DataFolder folder;
  const ReadData read = read_data(folder.write("a.csv", kNames + kRows));
  EXPECT_TRUE(same(read.transitions, kThree));
  EXPECT_EQ(read.summary.transitions, 3);
  EXPECT_EQ(read.summary.left_out + read.summary.out_of_bounds, 0);
  EXPECT_TRUE(read_data(folder.write("b.csv", kNames)).transitions.empty());
}

TEST(Csv, AsOtherProgramsWriteIt) {
  const DataFolder folder;
  const auto replaced = [](std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
      text.replace(at, from.size(), to);
    return text;
  };
  const std::string short_names = "s0,s1,a0,a1,r,next_s0,next_s1,terminal,timeout\n";
  const std::pair<const char*, std::string> cases[] = {
      {"line ends of Windows", replaced(kNames + kRows, "\n", "\r\n")},
      {"a byte order mark", "\xef\xbb\xbf" + kNames + kRows},
      {"no line end at the end", (kNames + kRows).substr(0, kNames.size() + kRows.size() - 1)},
      {"blank lines", replaced(kNames + kRows, "\n", "\n \n\r\n")},
      {"blanks", replaced(replaced(kNames + kRows, ",", " ,\t"), "\n", "  \n")},
      {"all in quotation marks", "\"" + replaced(replaced(kNames + kRows, ",", "\",\""), "\n", "\"\n\"") + "\"\n"},
      {"short names", short_names + kRows},
      {"names in brackets", replaced(replaced(kNames, "_0", "[0]"), "_1", "[1]") + kRows},
      {"capitals",
       "Observation0,Observation1,Action0,Action1,Reward,Next_Obs0,Next_Obs1,Terminated,Truncated\n" + kRows},
      {"True and False", kNames + replaced(replaced(kRows, ",1,0\n", ",True,False\n"), ",0,1\n", ",False,True\n")},
      {"numbers with a sign and an exponent", kNames + replaced(replaced(kRows, "2.5", "+25e-1"), ",7,", ",7.0,")},
      {"more columns", replaced("time,\"a, \"\"b\"\"\",episode_return," + kNames + kRows, "\n", "\nx,,-,")},
      {"another order",
       "truncated,s1,s0,a1,a0,r,next_s0,next_s1,terminated\n0,1,0,1,0.5,-1,1,2,0\n"
       "0,2,1,2,-0.5,2.5,3,4,1\n1,6,5,0,0,0,7,8,0\n"}};
  for (const auto& [name, text] : cases) {
    std::string given = text;
    if (given.ends_with("\n\"\"\n")) given.resize(given.size() - 3);  // of the quoted one, after its last line
    if (given.ends_with("\nx,,-,")) given.resize(given.size() - 5);   // likewise
    const std::string file = folder.write("a.csv", given);
    const std::string error = data_error(file);
    EXPECT_TRUE(error.empty() && same(read_data(file).transitions, kThree)) << name << ": " << error;
  }
}

// Columns 0,1: the observation; then action, reward.
TEST(Csv, WhatFollowedMayStandInTheNextRow) {
  const DataFolder folder;
  const std::string rows[] = {"0,0,0,0,1", "1,1,0,0,2", "2,2,0,0,3", "3,3,0,0,4", "4,4,0,0,5"};
  const auto read = [&](const std::string& names, const std::vector<std::string>& more) {
    std::string text = "s0,s1,a0,a1,r," + names + "\n";
    for (std::size_t i = 0; i < more.size(); i++) text += rows[i] + "," + more[i] + "\n";
    return read_data(folder.write("a.csv", text));
  };
  const auto next = [](const Transition& t) { return t.next_observation[0]; };

  // nothing follows a terminal state; of a row that was cut, and of the last, nobody knows what followed
  const ReadData flags = read("terminated,truncated", {"0,0", "1,0", "0,0", "0,1", "0,0"});
  ASSERT_EQ(flags.transitions.size(), 3u);
  EXPECT_EQ(next(flags.transitions[0]), 1);
  EXPECT_TRUE(flags.transitions[1].terminated);
  EXPECT_EQ(next(flags.transitions[1]), 1);
  EXPECT_EQ(next(flags.transitions[2]), 3);
  EXPECT_EQ(flags.summary.left_out, 2);

  const ReadData episodes = read("terminated,episode", {"0,7", "0,7", "0,8", "0,8", "1,8"});
  ASSERT_EQ(episodes.transitions.size(), 4u);
  EXPECT_EQ(episodes.transitions[1].reward, 3);
  EXPECT_TRUE(episodes.transitions[3].terminated);
  EXPECT_EQ(episodes.summary.left_out, 1);
}

TEST(Csv, AnotherEpisodeCutsTheOneBefore) {
  const DataFolder folder;
  const std::string names = "s0,s1,a0,a1,r,next_s0,next_s1,terminated,episode\n";
  const ReadData read = read_data(folder.write(
      "a.csv", names + "0,0,0,0,1,1,1,0,first\n1,1,0,0,1,2,2,0,first\n0,0,0,0,1,1,1,1,second\n0,0,0,0,1,1,1,0,3\n"));
  ASSERT_EQ(read.transitions.size(), 4u);
  EXPECT_FALSE(read.transitions[0].truncated);
  EXPECT_TRUE(read.transitions[1].truncated);
  EXPECT_FALSE(read.transitions[2].truncated);
  EXPECT_FALSE(read.transitions[3].truncated);  // it may go on in another file
}

TEST(Csv, ActionsBeyondTheBoundsAreCounted) {
  const DataFolder folder;
  const ReadData read = read_data(folder.write(
      "a.csv", kNames + "0,1,1.5,1,-1,1,2,0,0\n0,1,1,-0.5,-1,1,2,0,0\n0,1,1.000001,3.000001,-1,1,2,0,0\n"));
  EXPECT_EQ(read.summary.out_of_bounds, 2);  // rounding is none
  EXPECT_EQ(read.transitions[0].action[0], 1.5f);
}

TEST(Csv, ALogIsLongerThanWhatIsReadAtOnce) {
  const DataFolder folder;
  std::string text = kNames;
  for (int i = 0; i < 20'000; i++) text += fmt::format("{0},1,0.5,1,-1,{0},2,0,1\n", i);
  const ReadData read = read_data(folder.write("a.csv", text));
  ASSERT_EQ(read.transitions.size(), 20'000u);
  for (std::size_t i = 0; i < 20'000; i++) ASSERT_EQ(read.transitions[i].observation[0], static_cast<double>(i));
}

TEST(Csv, WhatIsWrongIsToldByItsPlace) {
  const DataFolder folder;
  const auto row = [&](const std::string& text) { return kNames + kRows + text + "\n"; };
  const struct {
    const char* name;
    std::string text;
    std::vector<const char*> says;
  } cases[] = {
      {"empty", "", {"a.csv]", "names of the columns", "empty file"}},
      {"no names", kRows, {"a.csv:1]", "observation_0 to observation_1", "found 0, 1, 0.5"}},
      {"no reward", "s0,s1,a0,a1,terminated,truncated\n", {":1]", "expected columns reward", "s0, s1"}},
      {"no ends", "s0,s1,a0,a1,r,truncated\n", {":1]", "expected columns terminated"}},
      {"no cuts", "s0,s1,a0,a1,r,terminated\n", {":1]", "truncated or episode"}},
      {"one number short", "s0,a0,a1,r,terminated,truncated\n", {"observation_1 is missing", "of a task"}},
      {"one too many", "s0,s1,s2,a0,a1,r,terminated\n", {"column 3", "observation_0 to observation_1", "\"s2\""}},
      {"no number", "s,a0,a1,r,terminated\n", {"column 1", "observation_0 to"}},
      {"twice", "s0,s1,obs_1,a0,a1,r,terminated\n", {"column 3", "column 2 is already"}},
      {"done", "s0,s1,a0,a1,r,done\n", {"column 6", "done does not say how", "terminated", "truncated"}},
      {"misspelt", "s0,s1,a0,a1,r,terminated,trunctated\n", {"column 7", "Did you mean truncated?"}},
      {"too few fields", row("1,2,3"), {"a.csv:5]", "expected 9 fields", "found 3"}},
      {"too many fields", row("1,2,0.5,2,2.5,3,4,1,0,"), {"a.csv:5]", "expected 9 fields", "found 10"}},
      {"a word", row("1,2,0.5,2,much,3,4,1,0"), {"a.csv:5]", "column 5, reward", "finite number", "\"much\""}},
      {"nothing", row("1,,0.5,2,2.5,3,4,1,0"), {"a.csv:5]", "column 2, observation_1", "found \"\""}},
      {"nan", row("nan,2,0.5,2,2.5,3,4,1,0"), {"a.csv:5]", "column 1, observation_0", "\"nan\""}},
      {"inf", row("1,2,inf,2,2.5,3,4,1,0"), {"a.csv:5]", "column 3, action_0", "\"inf\""}},
      {"beyond 32 bits", row("1,2,0.5,2,2.5,1e39,4,1,0"), {"a.csv:5]", "column 6, next_observation_0", "32 bits"}},
      {"a comma in a number", row("\"1,5\",2,0.5,2,2.5,3,4,1,0"), {"a.csv:5]", "column 1", "\"1,5\""}},
      {"two numbers", row("1 2,2,0.5,2,2.5,3,4,1,0"), {"a.csv:5]", "column 1", "\"1 2\""}},
      {"a flag of 2", row("1,2,0.5,2,2.5,3,4,2,0"), {"a.csv:5]", "column 8, terminated", "0, 1, true or false"}},
      {"behind a mark", row("\"1\"2,2,0.5,2,2.5,3,4,1,0"), {"a.csv:5]", "column 1", "comma"}},
      {"an open mark", row("1,2,0.5,2,2.5,3,4,1,\"0"), {"a.csv:5]", "not closed"}},
      {"what is no text", row(std::string("1,\0\x1b,0.5,2,2.5,3,4,1,0", 23)), {"a.csv:5]", "\\x00\\x1b"}},
  };
  for (const auto& wrong : cases) {
    const std::string error = data_error(folder.write("a.csv", wrong.text));
    for (const char* part : wrong.says) EXPECT_THAT(error, HasSubstr(part)) << wrong.name;
  }
}

TEST(ReadTransitions, SaysWhatItReads) {
  const DataFolder folder;
  EXPECT_THAT(data_error((folder.path() / "none.csv").string()), HasSubstr("No such file"));
  EXPECT_THAT(data_error((folder.path() / "none").string()), HasSubstr("*.csv"));
  EXPECT_THAT(data_error(folder.write("a.txt", kNames)), HasSubstr("*.npz"));
  EXPECT_THAT(data_error(folder.path().string()), HasSubstr("a run with checkpoints"));
  std::filesystem::create_directory(folder.path() / "b.csv");
  EXPECT_THAT(data_error((folder.path() / "b.csv").string()), HasSubstr("a run with checkpoints"));
  EXPECT_THAT(data_error(folder.write("replay-000000000000-000000000100.safetensors", "x")), HasSubstr("units"));
  EXPECT_THROW(read_transitions(folder.write("a.csv", kNames), testing::data_specification(), nullptr), UsageError);
  EXPECT_THROW(read_data(folder.write("a.csv", kNames), Specification{}), Error);
}

}  // namespace
}  // namespace ddpg
