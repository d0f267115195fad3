// The example of docs/data.md: it stands here too, compiled, and does what the text says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "data/data_samples.h"
#include "ddpg/ddpg.h"
#include "places.h"

// docs/data.md
ddpg::Agent learnt_from(const std::string& file, const ddpg::Options& options,
                        const ddpg::Specification& specification) {
  ddpg::Agent agent(options, specification);
  ddpg::read_transitions(file, specification, [&](const ddpg::Transition& transition) { agent.add(transition); });
  agent.update(1'000);
  return agent;
}
// end

namespace ddpg {
namespace {

namespace fs = std::filesystem;

std::string file_text(const fs::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(DataDocument, HoldsTheExampleThatIsTested) {
  const fs::path tests = tests_folder();
  const std::string source = file_text(tests / "public" / "data_test.cpp"), mark = "// docs/data.md\n";
  const std::size_t begin = source.find(mark) + mark.size(), end = source.find("// end\n");
  EXPECT_THAT(file_text(tests.parent_path() / "docs" / "data.md"),
              ::testing::HasSubstr(source.substr(begin, end - begin)));
}

TEST(DataDocument, LearnsFromALogAlone) {
  const testing::DataFolder folder;
  std::string log = "s,a,r,terminated,episode\n";  // the larger the action, the larger the reward, at once
  for (int i = 0; i < 400; i++) {
    const double action = (i * 7 % 21 - 10) / 10.0;
    log += std::to_string(i % 5) + "," + std::to_string(action) + "," + std::to_string(action) + "," +
           (i % 5 == 4 ? "1" : "0") + "," + std::to_string(i / 5) + "\n";
  }
  Options options;
  options.actor.hidden = options.critic.hidden = {16};
  options.batch_size = 32;
  options.replay_capacity = 1'000;
  Agent agent = learnt_from(folder.write("log.csv", log), options, {"a slope", 1, {-1.0f}, {1.0f}, 0});
  EXPECT_EQ(agent.transitions(), 400);
  EXPECT_EQ(agent.steps(), 0);
  EXPECT_EQ(agent.updates(), 1'000);
  Policy policy = agent.policy();
  float action = 0;
  for (const double observation : {0.0, 2.0, 4.0}) {
    policy.act(std::span(&observation, 1), std::span(&action, 1));
    EXPECT_GT(action, 0.8f) << observation;
  }
}

}  // namespace
}  // namespace ddpg
