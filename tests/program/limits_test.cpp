// What a limit of the system (ulimit) does to the program: the message names what could not be had.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "places.h"
#include "program/program.h"

namespace ddpg::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

// Runs the program where its user may have no process, and so no thread, beyond itself. Root is exempt, and so becomes
// another user, in name: it keeps what it may read.
Finished run_without_threads(const Workplace& here, const std::vector<std::string>& arguments) {
  std::string line = "cd '" + (here / "").string() + "' && exec prlimit --nproc=1:1 ";
  if (::geteuid() == 0) line += "setpriv --ruid=54321 --bounding-set=-sys_resource,-sys_admin ";
  line += "'" + program_file() + "'";
  for (const std::string& word : arguments) line += " '" + word + "'";
  Finished finished;
  finished.code = WEXITSTATUS(std::system((line + " >out 2>err").c_str()));
  finished.out = text_of(here / "out");
  finished.err = text_of(here / "err");
  return finished;
}

TEST(Limits, WhereNoThreadIsToBeHadTheMessageSaysWhatWantedOne) {
  struct Case {
    std::vector<std::string> more;
    const char* message;
  };
  const Case cases[] = {
      {{"--threads", "2"},
       "[threads] could not start thread 2 of 2: Resource temporarily unavailable; ask for at most 1"},
      {{"--set", "step_timeout=9"}, "[step_timeout] could not start the thread that steps Pendulum-v1: Resource temp"},
      {{"--seeds", "2"}, "[process] could not start "},
  };
  for (const Case& wants : cases) {
    Workplace here;
    std::vector<std::string> words = {"--run", "run"};
    words.insert(words.end(), wants.more.begin(), wants.more.end());
    const Finished finished = run_without_threads(here, small_training(words));
    EXPECT_EQ(finished.code, 1) << wants.message;
    EXPECT_THAT(finished.err, AllOf(HasSubstr(wants.message), HasSubstr("Resource temporarily unavailable")));
  }
}

// Checkpoints are written by a thread where there is one.
TEST(Limits, WithoutAThreadATrainingKeepsItsCheckpoints) {
  Workplace here;
  const Finished finished =
      run_without_threads(here, small_training({"--run", "run", "--quiet", "--set", "checkpoint_interval=100"}));
  EXPECT_EQ(finished.code, 0) << finished.err;
  ASSERT_EQ(here.train({"--run", "other", "--quiet", "--set", "checkpoint_interval=100"}).code, 0);
  EXPECT_EQ(text_of(here / "run/policy.ddpg"), text_of(here / "other/policy.ddpg"));
  EXPECT_TRUE(fs::exists(here / "run/checkpoints/checkpoint-000000000600.safetensors"));
}

}  // namespace
}  // namespace ddpg::testing
