// Verifying: what agrees, what does not, and what is missing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ddpg/error.h"
#include "export/compiled.h"

namespace ddpg::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class Verify : public ::testing::Test {
 protected:
  Verification verify(const std::string& file, const VerifyPrograms& programs = {}) {
    return verify_export(folder / file, policy, *environment, 2, 5, programs);
  }

  CFolder folder;
  ExportSample sample = find_sample("pendulum");
  Policy policy{sample.content};
  std::unique_ptr<Environment> environment = make_environment("Pendulum-v1");
};

TEST_F(Verify, EveryFormatThatNeedsNoPythonIsTheSameToTheBit) {
  folder.export_sample(sample);
  export_policy(policy, folder / "pendulum.safetensors");
  export_policy(policy, folder / "pendulum.ddpg");
  for (const char* file : {"pendulum.h", "pendulum.safetensors", "pendulum.ddpg"}) {
    const Verification found = verify(file);
    EXPECT_TRUE(found.agrees()) << file;
    EXPECT_EQ(found.difference.observations, 400) << file;
    EXPECT_EQ(found.difference.largest, 0) << file;
    EXPECT_EQ(found.trained.mean_return, found.exported.mean_return) << file;
    EXPECT_EQ(found.trained.mean_return, evaluate(policy, *environment, 2, 5).mean_return) << file;
  }
}

// A pendulum whose observations floats cannot tell apart: 10^8 away from those of the usual one.
class FarPendulum final : public Environment {
 public:
  const Specification& specification() const override { return near_->specification(); }
  void reset(RandomStream& random, std::span<double> observation) override {
    near_->reset(random, observation);
    for (double& x : observation) x += 1e8;
  }
  StepResult step(std::span<const float> action, std::span<double> observation) override {
    const StepResult result = near_->step(action, observation);
    for (double& x : observation) x += 1e8;
    return result;
  }

 private:
  std::unique_ptr<Environment> near_ = make_environment("Pendulum-v1");
};

TEST_F(Verify, GivesDoublesWhereFloatsWouldNotDo) {
  sample.content.normalise = true;
  sample.content.mean.assign(3, 1e8);
  sample.content.deviation.assign(3, 0.7);
  sample.content.clip = 5;
  policy = Policy(sample.content);
  environment = std::make_unique<FarPendulum>();
  ExportOptions options;
  options.pairs = record_pairs(policy, *environment, 2, 5);
  // pairs hold floats, and the actions that belong to these
  EXPECT_EQ(
      difference([&](auto observation, auto action) { policy.act(observation, action); }, sample.content, options.pairs)
          .largest,
      0);
  export_policy(policy, folder / "pendulum.h", options);
  const Verification found = verify("pendulum.h");
  EXPECT_EQ(found.difference.largest, 0);
  EXPECT_EQ(found.difference.observations, 400);
  EXPECT_EQ(found.exported.mean_return, found.trained.mean_return);
  EXPECT_EQ(found.trained.mean_return, evaluate(policy, *environment, 2, 5).mean_return);
  folder.write("main.c",
               "#define PENDULUM_WITH_CHECK\n#include <stdio.h>\n#include \"pendulum.h\"\n"
               "int main(void) { printf(\"%d\", pendulum_check() <= PENDULUM_CHECK_LIMIT); return 0; }\n");
  EXPECT_EQ(folder.run("cc -std=c99 -O2 main.c -o main && ./main"), "1");
}

// ONNX sums in another order, which a network magnifies at few observations.
TEST(Agreement, OfOnnxIsAMillionthOnAverageAndOfTheOthersAtMost) {
  const auto agrees = [](const char* format, double largest, double mean) {
    Verification found;
    found.format = format;
    found.difference.largest_share = largest;
    found.difference.mean_share = mean;
    return found.agrees();
  };
  for (const char* format : {"c99", "ddpg", "safetensors"}) {
    EXPECT_TRUE(agrees(format, 1e-6, 1e-7)) << format;
    EXPECT_FALSE(agrees(format, 1.1e-6, 1e-7)) << format;
    EXPECT_FALSE(agrees(format, NAN, NAN)) << format;
  }
  EXPECT_TRUE(agrees("onnx", 1e-3, 1e-6));
  EXPECT_FALSE(agrees("onnx", 1.1e-3, 1e-7));
  EXPECT_FALSE(agrees("onnx", 1e-5, 1.1e-6));
  EXPECT_FALSE(agrees("onnx", NAN, NAN));
}

TEST_F(Verify, AnotherPolicyDoesNotAgree) {
  Policy::Content other = sample.content;
  other.tensors.back().values[0] += 0.01f;
  export_policy(Policy(other), folder / "other.ddpg");
  const Verification found = verify("other.ddpg");
  EXPECT_FALSE(found.agrees());
  EXPECT_GT(found.difference.largest_share, 1e-4);
  EXPECT_NE(found.trained.mean_return, found.exported.mean_return);
  export_policy(Policy(find_sample("linear").content), folder / "linear.ddpg");
  EXPECT_THAT([&] { verify("linear.ddpg"); },
              ThrowsMessage<Error>(HasSubstr("expected 3 observations and 1 actions, found 2 and 2")));
  folder.export_sample(find_sample("linear"));
  EXPECT_THAT([&] { verify("linear.h"); },
              ThrowsMessage<Error>(HasSubstr("expected 3 observations and 1 actions, found 2 and 2")));
}

TEST_F(Verify, NamesTheProgramThatIsMissingOrFails) {
  folder.export_sample(sample);
  EXPECT_THAT(
      [&] {
        verify("pendulum.h", {"no-such-compiler", ""});
      },
      ThrowsMessage<Error>(AllOf(HasSubstr("no-such-compiler"), HasSubstr("--compiler"))));
  EXPECT_THAT([&] { verify("pendulum.h", {"false", ""}); }, ThrowsMessage<Error>(HasSubstr("ended with exit code 1")));
  export_policy(policy, folder / "pendulum.onnx");
  EXPECT_THAT(
      [&] {
        verify("pendulum.onnx", {"", "no-such-python"});
      },
      ThrowsMessage<Error>(AllOf(HasSubstr("no-such-python"), HasSubstr("onnxruntime"), HasSubstr("--python"))));
  folder.write("python", "#!/bin/sh\necho 'No module named numpy; get it' >&2\nexit 1\n");
  std::filesystem::permissions(folder / "python", std::filesystem::perms::owner_all);
  EXPECT_THAT(
      [&] {
        verify("pendulum.onnx", {"", folder / "python"});
      },
      ThrowsMessage<Error>(AllOf(HasSubstr("exit code 1"), HasSubstr("No module named numpy"))));
  folder.write("broken.h", folder.text("pendulum.h") + "#error broken\n");
  EXPECT_THAT([&] { verify("broken.h"); }, ThrowsMessage<Error>(HasSubstr("broken")));
}

}  // namespace
}  // namespace ddpg::testing
