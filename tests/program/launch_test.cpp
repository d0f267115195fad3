// ddpg launch, as far as it goes without an MPI: what it is told. With real processes: tests/actors.py.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program/program.h"

namespace ddpg::testing {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;

struct WrongLaunch {
  const char* name;
  std::vector<std::string> arguments;
  std::string says;
};

TEST(Launch, WhatItCannotDoIsRefused) {
  const WrongLaunch table[] = {
      {"nothing to launch", {"-n", "3"}, "what is to be launched?"},
      {"no dashes", {"-n", "3", "train", "Pendulum-v1", "--steps", "5"}, "the command stands behind `--`"},
      {"no dashes, a flag first", {"--processes", "3", "train"}, "the command stands behind `--`"},
      {"a verb that trains nothing", {"-n", "3", "--", "evaluate", "runs"}, "expected train or resume"},
      {"one process", {"-n", "1", "--", "train", "Pendulum-v1"}, "-n: expected a number from 2"},
      {"no number of processes", {"--", "train", "Pendulum-v1"}, "how many processes?"},
      {"a number that is none", {"-n", "many", "--", "train", "Pendulum-v1"}, "-n: expected"},
      {"no value", {"-n"}, "--processes needs a value"},
  };
  Workplace here;
  for (const WrongLaunch& wrong : table) {
    std::vector<std::string> words = {"launch"};
    words.insert(words.end(), wrong.arguments.begin(), wrong.arguments.end());
    const Finished finished = here.run(words);
    EXPECT_EQ(finished.code, 2) << wrong.name;
    EXPECT_THAT(finished.err, AllOf(::testing::StartsWith("ddpg: "), HasSubstr(wrong.says))) << wrong.name;
  }
  EXPECT_FALSE(std::filesystem::exists(here / "runs"));
}

// A program without MPI says how one comes by it, one with MPI that there is no such starter.
TEST(Launch, WithoutAStarterSaysHowToGetIt) {
  Workplace here;
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"launch", "-n", "3", "--mpirun", "nowhere", "--", "train", "Pendulum-v1"},
        {"launch", "-n", "3", "--mpirun", "./nowhere", "--", "resume", "runs"},
        {"launch", "-n", "3", "--mpirun", " ", "--", "train", "Pendulum-v1"}}) {
    const Finished finished = here.run(words);
    EXPECT_EQ(finished.code, 2);
    EXPECT_THAT(finished.err,
                AnyOf(HasSubstr("`./ddpg mpi`"), HasSubstr("apt-get install openmpi-bin"), HasSubstr("found blanks")));
  }
  EXPECT_FALSE(std::filesystem::exists(here / "runs"));
}

}  // namespace
}  // namespace ddpg::testing
