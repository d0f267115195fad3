// The same physics with actions in another unit is the same task: where the unit is a power of two, to the bit. What is
// learnt in a unit of 1000: docs/results.md.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/algorithm.h"
#include "envs/mujoco/models.h"
#include "policy/content.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

void replace(std::string& text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  ASSERT_NE(at, std::string::npos) << what;
  text.replace(at, what.size(), with);
}

TEST(MujocoUnits, OfTheActionDoNotMatter) {
  if (embedded_models().empty()) return;  // no text to change
  const testing::TemporaryFolder folder;
  std::string model = embedded_models().at("inverted_pendulum.xml");
  replace(model, R"(ctrlrange="-3 3" gear="100")", R"(ctrlrange="-3072 3072" gear="0.09765625")");
  const std::string file = (folder.path() / "pendulum.xml").string();
  write_file_atomically(file, model);

  Options options;
  options.actor.hidden = options.critic.hidden = {16, 16};
  options.batch_size = 16;
  options.warmup_steps = options.learning_starts = 100;
  const auto learnt = [&options](const EnvironmentSettings& settings) {
    Algorithm algorithm(options, make_environment("InvertedPendulum-v5", settings));
    while (algorithm.steps() < 400) algorithm.step();
    return algorithm.policy({});
  };
  const Policy original = learnt({}), other = learnt({{"xml_file", file}});
  EXPECT_EQ(original.action_high()[0], 3.0f);
  EXPECT_EQ(other.action_high()[0], 3072.0f);
  EXPECT_TRUE(original.content().tensors == other.content().tensors);
}

}  // namespace
}  // namespace ddpg
