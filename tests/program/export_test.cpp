// ddpg export as a user sees it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "export/samples.h"
#include "program/program.h"

namespace ddpg::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class ExportVerb : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(here.train({"--run", "run", "--quiet"}).code, 0); }

  Finished export_run(std::vector<std::string> more) {
    more.insert(more.begin(), {"export", "run"});
    return here.run(more);
  }

  Workplace here;
};

TEST_F(ExportVerb, WritesAHeaderAndVerifiesIt) {
  const Finished finished =
      export_run({"--out", "my-policy.h", "--verify", "--episodes", "2", "--seed", "9", "--json"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  const nlohmann::json result = finished.json();
  EXPECT_EQ(result.at("environment"), "Pendulum-v1");
  EXPECT_EQ(result.at("format"), "c99");
  EXPECT_EQ(result.at("name"), "my_policy");
  EXPECT_EQ(result.at("bytes"), text_of(here / "my-policy.h").size());
  EXPECT_EQ(result.at("observations"), 400);
  EXPECT_EQ(result.at("largest_difference"), 0);
  EXPECT_EQ(result.at("agrees"), true);
  const nlohmann::json evaluated = here.run({"evaluate", "run", "--episodes", "2", "--seed", "9", "--json"}).json();
  EXPECT_EQ(result.at("mean_return"), evaluated.at("mean_return"));
  EXPECT_EQ(result.at("exported_mean_return"), evaluated.at("mean_return"));
  EXPECT_THAT(text_of(here / "my-policy.h"), HasSubstr("my_policy_act"));
}

TEST_F(ExportVerb, WritesTheOtherFormats) {
  EXPECT_EQ(export_run({"--out", "a.onnx"}).code, 0);
  EXPECT_EQ(text_of(here / "a.onnx").substr(0, 8),
            "\x08\x04\x12\x04"
            "ddpg");
  EXPECT_EQ(export_run({"--out", "a.safetensors"}).code, 0);
  EXPECT_THAT(text_of(here / "a.safetensors"), HasSubstr("__metadata__"));
  EXPECT_EQ(here.run({"export", "run/policy.ddpg", "--out", "a.ddpg"}).code, 0);
  EXPECT_EQ(text_of(here / "a.ddpg"), text_of(here / "run/policy.ddpg"));
  const Finished words = export_run({"--verify", "a.safetensors"});  // of a file that is there
  ASSERT_EQ(words.code, 0) << words.err;
  EXPECT_THAT(words.out, AllOf(HasSubstr("2,000 observations"), HasSubstr("return")));
}

TEST_F(ExportVerb, OpsetIsForOnnx) {
  ASSERT_EQ(export_run({"--out", "plain.onnx"}).code, 0);
  ASSERT_EQ(export_run({"--out", "later.onnx", "--opset", "15"}).code, 0);
  EXPECT_EQ(text_of(here / "plain.onnx")[1], 4);
  EXPECT_EQ(text_of(here / "later.onnx")[1], 8);
  const std::vector<std::string> flags[] = {{"--opset", "9"}, {"--int8"}};
  for (const std::vector<std::string>& flag : flags) {  // nothing is written
    std::vector<std::string> arguments = {"--verify", "plain.onnx"};
    arguments.insert(arguments.end(), flag.begin(), flag.end());
    const Finished alone = export_run(arguments);
    EXPECT_EQ(alone.code, 2);
    EXPECT_THAT(alone.err, HasSubstr(flag[0] + ": says how a file is to be written"));
  }
  for (const auto& [file, opset, message] : {std::tuple("a.h", "9", "opset is for ONNX"), {"a.onnx", "7", "8 to 21"}}) {
    const Finished refused = export_run({"--out", file, "--opset", opset});
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.err, HasSubstr(message));
    EXPECT_FALSE(std::filesystem::exists(here / file));
  }
}

TEST_F(ExportVerb, TellsWhat8BitWeightsCost) {
  const Finished finished =
      here.run({"export", "--out", "a.h", "--int8", "--name", "arm", "--json", "--verify", "run"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  const nlohmann::json result = finished.json();
  EXPECT_EQ(result.at("name"), "arm");
  EXPECT_EQ(result.at("agrees"), nullptr);
  const double stated = result.at("int8_cost").at("largest_difference"), found = result.at("largest_difference");
  EXPECT_GT(stated, 0);
  EXPECT_NEAR(stated, found, 1e-5);
}

TEST_F(ExportVerb, DrawsObservationsWhereTheEnvironmentIsNotKnown) {
  Policy::Content content = export_samples().front().content;
  content.provenance.environment = "MyRobot-v0";
  Policy(content).save(here / "own.ddpg");
  const Finished finished = here.run({"export", "own.ddpg", "--out", "own.h"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.err, AllOf(HasSubstr("MyRobot-v0"), HasSubstr("drawn at random")));
  EXPECT_THAT(text_of(here / "own.h"), HasSubstr("over 16 observations: drawn at random from [-1, 1]"));
  const Finished verified = here.run({"export", "own.ddpg", "--verify", "own.h", "--json"});
  ASSERT_EQ(verified.code, 0) << verified.err;
  EXPECT_EQ(verified.json().at("observations"), 1000);
  EXPECT_EQ(verified.json().at("episodes"), 0);
  EXPECT_EQ(verified.json().at("mean_return"), nullptr);
  EXPECT_EQ(verified.json().at("agrees"), true);
  const PolicyPairs pairs = sample_pairs(content, 2);
  content.check_observations = pairs.observations;
  content.check_actions = pairs.actions;
  content.control_period = 0.05;
  for (int i = 0; i < content.body.output_size(); i++) content.action_names.push_back("motor " + std::to_string(i));
  Policy(content).save(here / "checked.ddpg");
  const Finished checked = here.run({"export", "checked.ddpg", "--out", "checked.h", "--verify", "--json"});
  ASSERT_EQ(checked.code, 0) << checked.err;
  EXPECT_EQ(checked.json().at("observations"), 2);
  EXPECT_THAT(checked.err, HasSubstr("the check pairs of the policy file"));
  EXPECT_THAT(text_of(here / "checked.h"),
              AllOf(HasSubstr("over 2 observations: the check pairs of its policy file"),
                    HasSubstr("control_period 0.05"), HasSubstr("\"motor 0\",\"motor 1\"")));
}

TEST_F(ExportVerb, FailsWhereTheFileIsAnotherPolicy) {
  ASSERT_EQ(here.train({"--run", "other", "--seed", "1", "--quiet"}).code, 0);
  const Finished finished = export_run({"--verify", "other/policy.ddpg", "--episodes", "1"});
  EXPECT_EQ(finished.code, 1);
  EXPECT_THAT(finished.err, HasSubstr("another policy"));
}

TEST_F(ExportVerb, SaysWhatIsWrittenWhereItCannotBeVerified) {
  const Finished finished = export_run({"--out", "a.h", "--verify", "--episodes", "1", "--compiler", "/nonexistent"});
  EXPECT_EQ(finished.code, 1);
  EXPECT_THAT(finished.err, AllOf(HasSubstr("/nonexistent"), HasSubstr("a.h is written, and was not verified")));
  EXPECT_TRUE(std::filesystem::exists(here / "a.h"));
}

TEST_F(ExportVerb, EndsWithCode2WhereItIsUsedWrongly) {
  write_text(here / "there.h", "mine");
  struct Wrong {
    std::vector<std::string> arguments;
    const char* named;
  };
  const Wrong wrongs[] = {{{}, "--out policy.h"},
                          {{"--verify"}, "--verify: which file"},
                          {{"--verify", "none.h"}, "no file none.h"},
                          {{"--out", "a.pt"}, ".safetensors"},
                          {{"--out", "a"}, ".safetensors"},
                          {{"--out", "nowhere/a.h"}, "there is no folder nowhere"},
                          {{"--out", "there.h"}, "--overwrite"},
                          {{"--out", "a.h", "--verify", "b.h"}, "names none"},
                          {{"--out", "a.onnx", "--int8"}, "int8"},
                          {{"--out", "a.h", "--name", "2nd"}, "policy_2nd"},
                          {{"--out", "a.h", "--episodes", "0"}, "--episodes"}};
  for (const Wrong& wrong : wrongs) {
    const Finished finished = export_run(wrong.arguments);
    EXPECT_EQ(finished.code, 2) << wrong.named;
    EXPECT_THAT(finished.err, HasSubstr(wrong.named));
  }
  EXPECT_EQ(text_of(here / "there.h"), "mine");
  EXPECT_FALSE(std::filesystem::exists(here / "a.h"));
  EXPECT_EQ(here.run({"export", "--out", "a.h"}).code, 2);
  EXPECT_EQ(here.run({"export", "nowhere", "--out", "a.h"}).code, 2);
}

}  // namespace
}  // namespace ddpg::testing
