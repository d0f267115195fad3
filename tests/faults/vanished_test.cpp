// A run folder that is taken away from under its training.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program/run_comparison.h"

namespace ddpg::testing {
namespace {

using ::testing::HasSubstr;

class Vanished : public ::testing::Test {
 protected:
  ::pid_t begin_long_training() {
    const ::pid_t process =
        here_.begin(small_training({"--steps", "1e12", "--run", "run", "--set", "checkpoint_interval=200", "--quiet"}));
    EXPECT_TRUE(eventually([&] { return text_of(here_ / "run/progress.csv").find("\n400,") != std::string::npos; }));
    return process;
  }

  Workplace here_;
};

TEST_F(Vanished, EndsWithCode1WhenItsFolderIsRemoved) {
  const ::pid_t process = begin_long_training();
  std::error_code again;  // it may write while it is being removed
  while (fs::remove_all(here_ / "run", again) == 0 || fs::exists(here_ / "run")) {
  }
  const Finished finished = here_.wait(process);
  EXPECT_EQ(finished.code, 1);
  EXPECT_THAT(finished.err, HasSubstr("run is no longer the folder that it was"));
  EXPECT_FALSE(fs::exists(here_ / "run")) << "it was made again";
}

TEST_F(Vanished, EndsWithCode1WhenItsFolderIsMovedAndGoesOnThere) {
  const ::pid_t process = begin_long_training();
  fs::rename(here_ / "run", here_ / "moved");
  const Finished finished = here_.wait(process);
  EXPECT_EQ(finished.code, 1);
  EXPECT_THAT(finished.err, HasSubstr("run is no longer the folder that it was"));
  EXPECT_FALSE(fs::exists(here_ / "run"));
  const auto checkpoints = list_checkpoints(here_ / "moved/checkpoints");
  ASSERT_FALSE(checkpoints.empty());
  const std::string steps =
      std::to_string(std::max(step_of(checkpoints.front()), read_status(here_ / "moved").step) + 50);
  const Finished resumed = here_.run({"resume", "moved", "--steps", steps, "--quiet"});
  EXPECT_EQ(resumed.code, 0) << resumed.err;
}

}  // namespace
}  // namespace ddpg::testing
