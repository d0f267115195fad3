// The policy library to those who call it: what it reports, and what it answers to wrong use.
#include <ddpg_policy.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include "ddpg/error.h"
#include "ddpg/policy.h"
#include "deploy/actor.h"
#include "deploy/deploy_samples.h"
#include "nn/network_samples.h"
#include "policy/format.h"
#include "policy/policy_samples.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

using deploy::Code;
using testing::golden_policy;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

deploy::Status load(deploy::Policy& policy, const std::string& bytes) {
  return policy.load(bytes.data(), bytes.size(), "x.ddpg");
}

// With check pairs that are those of the policy.
Policy::Content checked_policy() {
  Policy::Content content = golden_policy();
  content.check_actions.clear();
  Policy policy(testing::golden_policy_v1());
  for (std::size_t pair = 0; pair < 2; pair++) {
    const auto from = content.check_observations.begin() + static_cast<std::ptrdiff_t>(3 * pair);
    std::vector<float> action(2);
    policy.act(std::vector<double>(from, from + 3), action);
    content.check_actions.insert(content.check_actions.end(), action.begin(), action.end());
  }
  return content;
}

TEST(DeployPolicy, TellsWhatItsFileTells) {
  deploy::Policy policy;
  EXPECT_FALSE(policy.loaded());
  ASSERT_TRUE(load(policy, encode_policy(golden_policy())));
  EXPECT_TRUE(policy.loaded());
  EXPECT_EQ(policy.observation_size(), 3);
  EXPECT_EQ(policy.action_size(), 2);
  EXPECT_EQ(policy.action_low()[1], -2.0f);
  EXPECT_EQ(policy.action_high()[1], 1.5f);
  EXPECT_EQ(policy.control_period(), 0.05);
  EXPECT_EQ(policy.time_limit(), 200);
  EXPECT_EQ(policy.format_version(), 3);
  EXPECT_EQ(policy.check_count(), 2);
  EXPECT_EQ(policy.origin().environment, "Pendulum-v1");
  EXPECT_EQ(policy.origin().preset, "default");
  EXPECT_EQ(policy.origin().version, "0.1.0");
  EXPECT_EQ(policy.origin().seed, 0xFEDCBA9876543210u);
  EXPECT_EQ(policy.origin().step, 20'000);
  EXPECT_EQ(policy.origin().mean_return, -147.5);
  EXPECT_EQ(policy.observation_name(2), "velocity");
  EXPECT_EQ(policy.observation_unit(2), "rad/s");
  EXPECT_EQ(policy.action_name(0), "torque \xC3\xA9");
  EXPECT_EQ(policy.action_unit(0), "");
  EXPECT_EQ(policy.observation_name(-1), "");
  EXPECT_EQ(policy.observation_name(3), "");
}

TEST(DeployPolicy, ActsOnlyOnTheRightNumberOfFiniteNumbers) {
  deploy::Policy policy;
  std::vector<float> observation = {0.5f, -1, 2}, action = {7, 7};
  EXPECT_EQ(policy.act(std::span<const float>(observation), action), Code::not_loaded);
  ASSERT_TRUE(load(policy, encode_policy(golden_policy())));
  EXPECT_EQ(policy.act(std::span<const float>(observation).first(2), action), Code::wrong_size);
  EXPECT_EQ(policy.act(std::span<const float>(observation), std::span(action).first(1)), Code::wrong_size);
  for (float wrong : {kNan, std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()}) {
    observation[1] = wrong;
    EXPECT_EQ(policy.act(std::span<const float>(observation), action), Code::not_finite);
  }
  const std::vector<double> beyond_float = {0, 1e39, 0};
  EXPECT_EQ(policy.act(std::span<const double>(beyond_float), action), Code::not_finite);
  EXPECT_EQ(action, (std::vector<float>{7, 7}));  // left as it was each time
  observation[1] = -1;
  EXPECT_EQ(policy.act(std::span<const float>(observation), action), Code::ok);
  EXPECT_LE(action[0], 0.5f);
}

// Finite weights and a finite observation can overflow on the way.
TEST(DeployPolicy, AnActionThatIsNoNumberIsNotGiven) {
  Policy::Content content = testing::sample_policy(testing::actor_shape(1, {2}, 2));
  content.tensors[0].values = {3e38f, 3e38f};
  content.tensors[2].values = {3e38f, -3e38f, 1, 1};
  deploy::Policy policy;
  ASSERT_TRUE(load(policy, encode_policy(content)));
  std::vector<float> observation = {3e38f}, action = {7, 7};
  EXPECT_EQ(policy.act(std::span<const float>(observation), action), Code::not_finite);
  EXPECT_EQ(action, (std::vector<float>{7, 7}));
}

// The reader refuses such a list before (Body.AtMostEightValuesWait); were it mistaken, nothing is written out of
// bounds.
TEST(DeployActor, IsNotBuiltForMoreValuesThanHavePlaces) {
  for (const int count : {kMostKept, kMostKept + 1}) {
    deploy::PolicyView view;
    view.observation_size = 3, view.action_size = 2;
    for (const Step& step : testing::body_of_waiting_values(count, 1).steps) view.step_list[view.steps_count++] = step;
    std::vector<float> weights(3);
    for (deploy::StepTensors& tensors : view.tensors) tensors[TensorPart::weight] = {weights.data(), true};
    deploy::Actor actor;
    EXPECT_EQ(actor.build(view), count == kMostKept) << count;
  }
}

TEST(DeployPolicy, ABatchStopsAtTheWrongRow) {
  deploy::Policy policy;
  const std::string bytes = encode_policy(golden_policy());
  ASSERT_TRUE(load(policy, bytes));
  for (std::size_t rows = 0; rows < 10; rows++) {
    std::vector<float> observations(3 * rows, 0.5f), actions(2 * rows, 7.0f);
    EXPECT_EQ(policy.act_batch(observations, actions), Code::ok);
    for (float a : actions) EXPECT_LE(a, 1.5f);
    for (std::size_t wrong = 0; wrong < rows; wrong++) {
      std::vector<float> some(2 * rows, 7.0f);
      observations[3 * wrong + 2] = kNan;
      EXPECT_EQ(policy.act_batch(observations, some), Code::not_finite);
      for (std::size_t i = 0; i < some.size(); i++) EXPECT_EQ(some[i], i < 2 * wrong ? actions[i] : 7.0f);
      observations[3 * wrong + 2] = 0.5f;
    }
  }
  std::vector<float> seven(7), four(4);
  EXPECT_EQ(policy.act_batch(seven, four), Code::wrong_size);
  EXPECT_EQ(policy.act_batch(std::span(seven).first(6), std::span(four).first(3)), Code::wrong_size);
  EXPECT_EQ(policy.act_batch(std::span(seven).first(6), std::span(four).first(2)), Code::wrong_size);
}

TEST(DeployPolicy, EveryTruncationAndEveryFlippedBitIsAnErrorOfItsOwn) {
  std::string bytes = encode_policy(golden_policy());
  deploy::Policy policy;
  ASSERT_TRUE(load(policy, bytes));
  for (std::size_t size = 0; size < bytes.size(); size++) {
    const deploy::Status status = load(policy, bytes.substr(0, size));
    EXPECT_EQ(status.code, Code::truncated) << size;
    EXPECT_THAT(status.message, StartsWith("[x.ddpg] truncated: expected")) << size;
  }
  for (std::size_t bit = 0; bit < bytes.size() * 8; bit++) {
    const char mask = static_cast<char>(1 << bit % 8);
    bytes[bit / 8] ^= mask;
    const deploy::Status status = load(policy, bytes);
    EXPECT_NE(status.code, Code::ok) << bit;
    EXPECT_THAT(status.message, StartsWith("[x.ddpg")) << bit;
    bytes[bit / 8] ^= mask;
  }
  EXPECT_EQ(policy.observation_size(), 3);  // what was there before is still there
  std::string newer = bytes;
  testing::put_number(newer, 8, 4, 5);
  testing::repair(newer);
  EXPECT_EQ(load(policy, newer).code, Code::too_new);
  EXPECT_EQ(load(policy, "#!/bin/sh and so on, longer than a header").code, Code::not_a_policy);
  EXPECT_EQ(load(policy, bytes + "x").code, Code::damaged);
}

// The same bytes, the same words: one reader behind both libraries.
TEST(DeployPolicy, SaysWhatTheTrainingLibrarySays) {
  const std::string good = encode_policy(golden_policy());
  for (const auto& [tag, place, value] :
       {std::tuple{"NETW", 0, 0}, {"WGTS", 45, 0x7F}, {"SPEC", 12, 9}, {"PROV", 0, 99}}) {
    std::string bytes = good;
    bytes[testing::payload_of(bytes, tag) + static_cast<std::size_t>(place)] = static_cast<char>(value);
    testing::repair(bytes);
    deploy::Policy policy;
    const deploy::Status status = load(policy, bytes);
    std::string training;
    try {
      decode_policy(bytes, "x.ddpg");
    } catch (const Error& error) {
      training = error.what();
    }
    EXPECT_EQ(training, status.message);
    EXPECT_EQ(status ? "" : "refused", training.empty() ? "" : std::string("refused"));
  }
}

TEST(DeployPolicy, LoadsFiles) {
  const testing::TemporaryFolder place;
  const std::filesystem::path folder = place.path() / "policies";
  std::filesystem::create_directories(folder);
  const std::string file = (folder / "policy.ddpg").string();
  Policy(golden_policy()).save(file);
  deploy::Policy policy;
  EXPECT_TRUE(policy.load(file.c_str()));
  EXPECT_EQ(policy.load((folder / "none.ddpg").c_str()).code, Code::cannot_read);
  EXPECT_THAT(policy.load((folder / "none.ddpg").c_str()).message,
              HasSubstr("none.ddpg] cannot open it: No such file"));
  EXPECT_EQ(policy.load(folder.c_str()).code, Code::cannot_read);
  EXPECT_EQ(policy.load("/dev/zero").code, Code::not_a_policy);  // has no end
  EXPECT_EQ(policy.load("/dev/null").code, Code::truncated);
  std::ofstream(file, std::ios::app) << "more";
  EXPECT_THAT(policy.load(file.c_str()).message, HasSubstr("trailing bytes"));
  const std::string name(300, 'n');
  EXPECT_THAT(policy.load(name.c_str()).message, StartsWith("[...nnn"));
  std::filesystem::remove_all(folder);
}

TEST(DeployPolicy, VerifiesByItsCheckPairs) {
  deploy::Policy policy;
  EXPECT_EQ(policy.verify().code, Code::not_loaded);
  ASSERT_TRUE(load(policy, encode_policy(checked_policy())));
  EXPECT_TRUE(policy.verify());
  EXPECT_EQ(policy.largest_difference(), 0);
  EXPECT_EQ(Policy(checked_policy()).verify(), 0);

  Policy::Content other = checked_policy();
  other.check_actions[3] += 1e-4f;
  ASSERT_TRUE(load(policy, encode_policy(other)));
  const deploy::Status status = policy.verify();
  EXPECT_EQ(status.code, Code::differs);
  EXPECT_THAT(status.message, HasSubstr("section CHCK] check pair 1, action[1]: differs by"));
  EXPECT_NEAR(policy.largest_difference(), 1e-4 / 3.5, 1e-6);
  EXPECT_THROW(Policy(other).verify(), Error);

  Policy::Content without = checked_policy();
  without.check_observations.clear(), without.check_actions.clear();
  ASSERT_TRUE(load(policy, encode_policy(without)));
  EXPECT_EQ(policy.verify().code, Code::no_checks);
}

TEST(DeployPolicy, Moves) {
  deploy::Policy one, two;
  ASSERT_TRUE(load(one, encode_policy(golden_policy())));
  two = std::move(one);
  EXPECT_EQ(two.action_size(), 2);
  deploy::Policy three(std::move(two));
  EXPECT_EQ(three.action_size(), 2);
  EXPECT_FALSE(two.loaded());
}

TEST(DeployPolicy, TextsForEveryCode) {
  for (int code = 0; code <= 12; code++) EXPECT_STRNE(ddpg_policy_text(code), "unknown code");
  EXPECT_STREQ(ddpg_policy_text(13), "unknown code");
}

}  // namespace
}  // namespace ddpg
