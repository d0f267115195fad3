// One column of the option table says what may differ where; messages and documents name what it says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "options/option_samples.h"
#include "options/option_table.h"
#include "places.h"

namespace ddpg {
namespace {

using ::testing::HasSubstr;
using testing::with;

std::string text_of(const std::string& file) {
  std::ifstream stream(std::filesystem::path(tests_folder()).parent_path() / file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(OptionScope, NamesWhatAResumedTrainingMayChange) {
  EXPECT_EQ(changeable_options(),
            "steps, threads, checkpoint_interval, step_timeout, checkpoints_kept, checkpoint_replay, stop.at_return, "
            "stop.no_progress_for and stop.after");
  const std::string documents[] = {text_of("docs/checkpoints.md"), text_of("include/ddpg/train.h")};
  for (const OptionEntry& entry : option_table()) {
    if (!may_change(entry)) continue;
    for (const std::string& document : documents) EXPECT_THAT(document, HasSubstr("`" + entry.name + "`"));
  }
}

TEST(OptionScope, DifferencesAreThoseThatCount) {
  const Options usual = testing::pendulum();
  Options other = with("threads", "2");
  other.seed = 3;
  EXPECT_TRUE(differences(other, usual, is_of_a_configuration).empty());
  EXPECT_EQ(difference_text(differences(other, usual, is_fixed), "there"), "seed = 3, there 0");
  other.env["mass"] = 2.0;
  other.tau = 0.5f;
  EXPECT_EQ(difference_text(differences(other, usual, is_of_a_configuration), "there"),
            "tau = 0.5, there 0.005; env.mass = 2.0, there not set");
}

}  // namespace
}  // namespace ddpg
