// Whether two run folders hold the same run to the bit: policies, records without the clock, the newest checkpoint.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "program/program.h"
#include "run/checkpoint_contents.h"
#include "run/run_status.h"

namespace ddpg::testing {

// The last three columns are of the clock.
inline std::string without_clock(const std::string& text, const std::string& between) {
  std::string kept, line;
  for (std::istringstream lines(text); std::getline(lines, line);) {
    for (int i = 0; i < 3; i++) line.erase(line.rfind(between));
    kept += line + "\n";
  }
  return kept;
}

// Files that a process left half written.
inline std::vector<fs::path> temporaries(const fs::path& run) {
  std::vector<fs::path> found;
  std::error_code gone;
  for (fs::recursive_directory_iterator entry(run, gone), end; !gone && entry != end; entry.increment(gone))
    if (entry->path().extension() == ".tmp") found.push_back(entry->path());
  return found;
}

inline void expect_same_runs(const fs::path& expected, const fs::path& run) {
  for (const char* name : {"policy.ddpg", "best.ddpg", "config.toml"})
    EXPECT_EQ(text_of(run / name), text_of(expected / name)) << name;
  for (const auto& [name, between] : {std::pair("progress.csv", ","), std::pair("progress.jsonl", ", ")}) {
    EXPECT_EQ(without_clock(text_of(run / name), between), without_clock(text_of(expected / name), between)) << name;
  }
  EXPECT_THAT(differences(kept(expected / "checkpoints"), kept(run / "checkpoints")), ::testing::IsEmpty());
  EXPECT_EQ(read_status(run).state, "finished");
  EXPECT_THAT(temporaries(run), ::testing::IsEmpty());
  EXPECT_FALSE(fs::exists(run / ".ddpg-begun"));
}

}  // namespace ddpg::testing
