// A model whose file moves or changes after the training.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include "program/program.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* kModel = R"(<mujoco><option timestep="0.01" gravity="0 0 -9.81"/><worldbody>
  <body name="cart"><joint name="slider" type="slide" axis="1 0 0"/><geom size="0.1"/>
  <body name="pole" pos="0 0 0.6"><joint name="hinge" axis="0 1 0"/><geom size="0.05"/></body></body></worldbody>
  <actuator><motor joint="slider" ctrlrange="-3 3"/></actuator></mujoco>)";

class ChangedModel : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::write_text(here_ / "cart.xml", kModel);
    const testing::Finished trained =
        here_.run({"train", "InvertedPendulum-v5", "--steps", "60", "--quiet", "--run", "run", "--set",
                   "env.xml_file=cart.xml", "--set", "warmup_steps=60", "--set", "evaluation_episodes=1", "--set",
                   "actor.hidden=[8]", "--set", "critic.hidden=[8]", "--set", "replay_capacity=1000"});
    ASSERT_EQ(trained.code, 0) << trained.err;
  }

  testing::Workplace here_, elsewhere_;
};

TEST_F(ChangedModel, IsFoundFromEveryFolder) {
  const std::string run = (here_ / "run").string();
  EXPECT_EQ(elsewhere_.run({"evaluate", run, "--episodes", "1"}).code, 0);
  EXPECT_EQ(elsewhere_.run({"resume", run, "--steps", "80", "--quiet"}).code, 0);
  EXPECT_EQ(elsewhere_.run({"train", "--config", run + "/config.toml", "--quiet", "--run", "again"}).code, 0);
}

TEST_F(ChangedModel, IsFoundWhereAChangeInTheMiddleNamesIt) {
  const testing::Finished changed =
      here_.run({"resume", "run", "--steps", "80", "--quiet", "--change", "env.xml_file=cart.xml"});
  ASSERT_EQ(changed.code, 0) << changed.err;
  const testing::Finished again = elsewhere_.run({"resume", (here_ / "run").string(), "--steps", "100", "--quiet"});
  EXPECT_EQ(again.code, 0) << again.err;
}

TEST_F(ChangedModel, IsRefusedWithWhatDiffers) {
  const auto refused = [&](const std::vector<std::string>& words) {
    const testing::Finished finished = here_.run(words);
    EXPECT_EQ(finished.code, 2) << words.front() << finished.err;
    return finished.err;
  };
  const std::string text = kModel;
  testing::write_text(here_ / "cart.xml", "<!-- mine -->" + text);
  EXPECT_EQ(here_.run({"evaluate", "run", "--episodes", "1"}).code, 0);
  testing::write_text(here_ / "cart.xml", std::string(text).replace(text.find("-9.81"), 5, "-3"));
  const std::string policy = testing::text_of(here_ / "run/policy.ddpg");
  for (const auto& words : std::vector<std::vector<std::string>>{{"evaluate", "run"},
                                                                 {"evaluate", "run/best.ddpg"},
                                                                 {"resume", "run", "--steps", "100"},
                                                                 {"video", "run", "--out", "film"},
                                                                 {"export", "run", "--out", "a.h"},
                                                                 {"export", "run", "--out", "a.onnx", "--verify"}})
    EXPECT_THAT(refused(words),
                AllOf(HasSubstr("cart.xml has changed"), HasSubstr("-9.81"), HasSubstr("gravity=\"0 0 -3\"")));
  EXPECT_EQ(testing::text_of(here_ / "run/policy.ddpg"), policy);
  EXPECT_FALSE(std::filesystem::exists(here_ / "a.h"));
  EXPECT_FALSE(std::filesystem::exists(here_ / "a.onnx"));
}

// A policy that went elsewhere alone tells by its checksums.
TEST_F(ChangedModel, IsRefusedByACopyOfThePolicy) {
  std::filesystem::copy(here_ / "run/policy.ddpg", elsewhere_ / "mine.ddpg");
  const std::string text = kModel;
  testing::write_text(here_ / "cart.xml", "<!-- mine -->\n" + text + "\n");
  EXPECT_EQ(elsewhere_.run({"evaluate", "mine.ddpg", "--episodes", "1"}).code, 0);
  testing::write_text(here_ / "cart.xml", std::string(text).replace(text.find("-9.81"), 5, "-3"));
  const testing::Finished refused = elsewhere_.run({"evaluate", "mine.ddpg", "--episodes", "1"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err,
              HasSubstr("not what it was when it was trained: cart.xml has changed. Put it back as it was"));
}

}  // namespace
}  // namespace ddpg
