// The policy file: what goes in comes out, and the bytes never drift. Damage: format_damage_test.cpp.
#include "policy/format.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <functional>

#include "ddpg/error.h"
#include "policy/golden_files.h"
#include "policy/policy_samples.h"
#include "support/bytes.h"

namespace ddpg {
namespace {

using ::testing::AllOf;
using testing::complaint;
using testing::golden_file;
using ::testing::HasSubstr;
using testing::payload_of;
using testing::put_number;
using ::testing::StartsWith;

void expect_same(const Policy::Content& a, const Policy::Content& b) {
  EXPECT_EQ(a.body, b.body);
  EXPECT_EQ(a.tensors, b.tensors);
  EXPECT_EQ(a.action_low, b.action_low);
  EXPECT_EQ(a.action_high, b.action_high);
  EXPECT_EQ(a.normalise, b.normalise);
  EXPECT_EQ(a.mean, b.mean);
  EXPECT_EQ(a.deviation, b.deviation);
  EXPECT_EQ(a.clip, b.clip);
  EXPECT_EQ(a.provenance.environment, b.provenance.environment);
  EXPECT_EQ(a.provenance.env, b.provenance.env);
  EXPECT_EQ(a.provenance.preset, b.provenance.preset);
  EXPECT_EQ(a.provenance.seed, b.provenance.seed);
  EXPECT_EQ(a.provenance.step, b.provenance.step);
  EXPECT_EQ(a.provenance.mean_return, b.provenance.mean_return);
  EXPECT_EQ(a.provenance.version, b.provenance.version);
  EXPECT_EQ(a.wrappers, b.wrappers);
  EXPECT_EQ(a.provenance.model, b.provenance.model);
  EXPECT_EQ(a.time_limit, b.time_limit);
  EXPECT_EQ(a.control_period, b.control_period);
  EXPECT_EQ(a.observation_names, b.observation_names);
  EXPECT_EQ(a.observation_units, b.observation_units);
  EXPECT_EQ(a.action_names, b.action_names);
  EXPECT_EQ(a.action_units, b.action_units);
  EXPECT_EQ(a.check_observations, b.check_observations);
  EXPECT_EQ(a.check_actions, b.check_actions);
}

void expect_round_trip(const Policy::Content& content) {
  const std::string bytes = encode_policy(content);
  const Policy::Content decoded = decode_policy(bytes, "x.ddpg");
  expect_same(content, decoded);
  EXPECT_EQ(encode_policy(decoded), bytes);
}

// What is said of the golden policy after `change`, both when it is to be written and, with all checksums right, when
// it is read.
std::string refusal(const std::function<void(Policy::Content&)>& change) {
  Policy::Content content = testing::golden_policy();
  change(content);
  try {
    encode_policy(content, "x.ddpg");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(PolicyFormat, RoundTripOfEveryKindOfNetwork) {
  for (Activation activation : {Activation::linear, Activation::relu, Activation::tanh, Activation::elu}) {
    for (int norm = 0; norm < 3; norm++) {
      for (bool normalise : {false, true}) {
        NetworkShape shape = testing::actor_shape(17, {20, 1, 33}, 6);
        shape.activation = activation;
        shape.batch_norm = norm == 1;
        shape.layer_norm = norm == 2;
        Policy::Content content = testing::sample_policy(shape);
        if (normalise) testing::add_normaliser(content);
        expect_round_trip(content);
      }
    }
  }
}

TEST(PolicyFormat, RoundTripOfExtremes) {
  expect_round_trip(testing::sample_policy(testing::actor_shape(1, {1}, 1)));
  expect_round_trip(testing::sample_policy(testing::actor_shape(2, std::vector<int>(63, 2), 1)));
  expect_round_trip(testing::sample_policy(testing::actor_shape(1, {65'536}, 1)));
  expect_round_trip(testing::sample_policy(testing::actor_shape(3, {}, 2)));
  NetworkShape residual = testing::actor_shape(17, {20, 20}, 6);
  residual.body = Body::simba;
  expect_round_trip(testing::sample_policy(residual));

  Policy::Content content = testing::golden_policy();
  content.tensors[0].values = {-0.0f, std::numeric_limits<float>::denorm_min(), std::numeric_limits<float>::lowest()};
  content.provenance.env["empty"] = std::vector<double>{};
  content.provenance.env[""] = std::string("a\0b", 3);
  content.provenance.env["quiet"] = false;
  content.provenance.step = std::numeric_limits<std::int64_t>::max();
  expect_round_trip(content);
  EXPECT_TRUE(std::signbit(decode_policy(encode_policy(content), "x").tensors[0].values[0]));
}

TEST(PolicyFormat, MissingReturnIsOneNaN) {
  Policy::Content content = testing::golden_policy();
  content.provenance.mean_return = std::numeric_limits<double>::quiet_NaN();
  const std::string bytes = encode_policy(content);
  EXPECT_TRUE(std::isnan(decode_policy(bytes, "x").provenance.mean_return));
  EXPECT_EQ(encode_policy(decode_policy(bytes, "x")), bytes);
  content.provenance.mean_return = std::bit_cast<double>(0xFFF8000000000001);
  EXPECT_EQ(encode_policy(content), bytes);
}

TEST(PolicyFormat, BytesNeverDrift) {
  const std::string golden = golden_file("policy_v3.ddpg");
  ASSERT_EQ(golden.size(), 1515u);
  EXPECT_EQ(testing::plain_crc32(golden), 0xF2477C07u);
  EXPECT_TRUE(encode_policy(testing::golden_policy()) == golden);
  expect_same(decode_policy(golden, "golden"), testing::golden_policy());
}

TEST(PolicyFormat, TheFilesOfAModelAreASectionMore) {
  Policy::Content content = testing::golden_policy();
  content.provenance.model = {{"half cheetah \xC3\xA9.xml", 0xCBF43926}, {"a.stl", 7}};
  const std::string golden = golden_file("policy_v3_model.ddpg");
  EXPECT_EQ(testing::plain_crc32(golden), 0xF1EAE0B1u);
  EXPECT_TRUE(encode_policy(content) == golden);
  expect_same(decode_policy(golden, "golden"), content);
  const auto changed = [&](std::size_t place, std::size_t size, std::uint64_t value) {
    std::string bytes = golden;
    put_number(bytes, place, size, value);
    testing::repair(bytes);
    return complaint(bytes);
  };
  const std::size_t payload = payload_of(golden, "MODL");
  EXPECT_THAT(changed(payload, 8, 0), HasSubstr("section MODL] expected files, found none"));
  EXPECT_THAT(changed(payload, 8, 1), HasSubstr("section MODL] trailing bytes"));
  EXPECT_THAT(changed(payload, 8, ~0ull), HasSubstr("section MODL] ends too early"));
  EXPECT_THAT(changed(payload + 8, 8, 1ull << 60), HasSubstr("section MODL] ends too early"));
  EXPECT_THAT(changed(12, 4, 7), HasSubstr("trailing bytes"));
  EXPECT_THAT(changed(12, 4, 9), HasSubstr("expected 7 or 8 sections, found 9"));
  EXPECT_THAT(changed(8, 4, 2), HasSubstr("expected 7 sections, found 8"));
}

TEST(PolicyFormat, CarriedWrappersAreASectionMore) {
  using deploy::WrapperKind;
  Policy::Content content = testing::golden_policy();
  content.wrappers = {{WrapperKind::low_pass, 0, 0.25}, {WrapperKind::time_left, 200, 0}};
  EXPECT_EQ(content.sensor_size(), 2);
  const std::string golden = golden_file("policy_v4.ddpg");
  EXPECT_EQ(testing::plain_crc32(golden), 0x7DE034E2u);
  EXPECT_TRUE(encode_policy(content) == golden);
  expect_same(decode_policy(golden, "golden"), content);
  content.provenance.model = {{"a.xml", 1}};
  content.wrappers = {{WrapperKind::frame_stack, 3, 0}};
  expect_round_trip(content);

  const auto changed = [&](std::size_t place, std::size_t size, std::uint64_t value) {
    std::string bytes = golden;
    put_number(bytes, place, size, value);
    testing::repair(bytes);
    return complaint(bytes);
  };
  const std::size_t payload = payload_of(golden, "WRAP");
  EXPECT_THAT(changed(payload, 8, 0), HasSubstr("section WRAP] wrappers: expected 1 to 8, found 0"));
  EXPECT_THAT(changed(payload, 8, 1), HasSubstr("section WRAP] trailing bytes"));
  EXPECT_THAT(changed(payload, 8, ~0ull), HasSubstr("section WRAP] ends too early"));
  EXPECT_THAT(changed(payload + 8, 1, 4), HasSubstr("section WRAP] kind of a wrapper: expected 0 to 3, found 4"));
  EXPECT_THAT(changed(payload + 9, 8, 0), HasSubstr("section WRAP] share of a low-pass: expected it in (0, 1]"));
  EXPECT_THAT(changed(payload + 9, 8, ~0ull), HasSubstr("section WRAP] share of a low-pass: expected it in (0, 1]"));
  EXPECT_THAT(changed(payload + 18, 4, 0), HasSubstr("section WRAP] time limit of a wrapper: expected at least 1"));
  EXPECT_THAT(changed(payload + 18, 4, 1u << 31), HasSubstr("section WRAP] number of a wrapper: expected at most"));
  EXPECT_THAT(changed(payload + 17, 1, 1), HasSubstr("expected wrappers that make 3 numbers of an observation"));
  EXPECT_THAT(changed(payload + 17, 1, 2), HasSubstr("expected wrappers that make 3 numbers of an observation"));
  EXPECT_THAT(changed(12, 4, 7), HasSubstr("expected 8 or 9 sections, found 7"));
  EXPECT_THAT(changed(8, 4, 3), HasSubstr("section MODL] expected this section here, found section \"WRAP\""));

  content = testing::golden_policy();
  content.wrappers.assign(9, {WrapperKind::low_pass, 0, 0.25});
  EXPECT_THROW(encode_policy(content), Error);
}

TEST(PolicyFormat, EarlierVersionsAreStillRead) {
  struct Earlier {
    const char* file;
    std::size_t size;
    std::uint32_t crc;
    Policy::Content content;
  };
  for (const Earlier& earlier : {Earlier{"policy_v1.ddpg", 1270, 0x7556D930u, testing::golden_policy_v1()},
                                 Earlier{"policy_v2.ddpg", 1500, 0x4C49228Bu, testing::golden_policy()}}) {
    SCOPED_TRACE(earlier.file);
    const std::string golden = golden_file(earlier.file);
    ASSERT_EQ(golden.size(), earlier.size);
    EXPECT_EQ(testing::plain_crc32(golden), earlier.crc);
    const Policy::Content content = decode_policy(golden, "golden");
    expect_same(content, earlier.content);
    expect_round_trip(content);  // written again in the present version
  }
}

// Nothing is written that would not be read.
TEST(PolicyFormat, RefusesToWriteWhatIsNoPolicy) {
  EXPECT_EQ(refusal([](Policy::Content&) {}), "");
  EXPECT_THAT(refusal([](auto& c) { c.body.steps.clear(); }), HasSubstr("number of steps"));
  EXPECT_THAT(refusal([](auto& c) { c.body.steps.pop_back(); }), HasSubstr("output activation: expected tanh"));
  EXPECT_THAT(refusal([](auto& c) { c.body.steps[1].out = 0; }), HasSubstr("outputs of a dense step"));
  EXPECT_THAT(refusal([](auto& c) { c.body.observation_size = -1; }), HasSubstr("observation size"));
  EXPECT_THAT(refusal([](auto& c) { c.body.action_size = 2; }), HasSubstr("expected an actor"));
  EXPECT_THAT(refusal([](auto& c) { c.action_low.pop_back(); }),
              HasSubstr("lower action bounds: expected 2 numbers, found 1"));
  EXPECT_THAT(refusal([](auto& c) { c.action_high.push_back(9); }), HasSubstr("upper action bounds: expected 2"));
  EXPECT_THAT(refusal([](auto& c) { c.normalise = false; }), HasSubstr("mean: expected 0 numbers, found 3"));
  EXPECT_THAT(refusal([](auto& c) { c.deviation.pop_back(); }), HasSubstr("deviation: expected 3 numbers, found 2"));
  EXPECT_THAT(refusal([](auto& c) { c.tensors.pop_back(); }), HasSubstr("expected 16 tensors, found 15"));
  EXPECT_THAT(refusal([](auto& c) { c.tensors[1].values.pop_back(); }),
              HasSubstr("input_norm.bias: expected 3 numbers"));
  EXPECT_THAT(refusal([](auto& c) { c.tensors[3].values[0] = -1; }),
              HasSubstr("input_norm.running_var[0]: expected a variance"));
  EXPECT_THAT(refusal([](auto& c) { std::swap(c.tensors[0], c.tensors[1]); }),
              HasSubstr("expected tensor input_norm.weight"));
  EXPECT_THAT(refusal([](auto& c) { c.tensors[4].shape = {3, 4}; }), HasSubstr("expected shape [4, 3], found [3, 4]"));
  EXPECT_THAT(refusal([](auto& c) { c.tensors[4].values[5] = NAN; }),
              HasSubstr("layers.0.weight[5]: expected a finite"));
  EXPECT_THAT(refusal([](auto& c) { c.time_limit = -1; }), HasSubstr("[x.ddpg, section SPEC] time limit: expected at"));
  EXPECT_THAT(refusal([](auto& c) { c.action_names = {"one"}; }),
              HasSubstr("section SPEC] names of actions: expected 2 or none, found 1"));
  EXPECT_THAT(refusal([](auto& c) { c.check_actions.pop_back(); }), HasSubstr("section CHCK] actions of check pairs"));
  EXPECT_THAT(refusal([](auto& c) { c.check_observations.pop_back(); }),
              HasSubstr("section CHCK] observations of check pairs: expected 6 numbers, found 5"));
  EXPECT_THAT(refusal([](auto& c) { c.provenance.step = -1; }),
              HasSubstr("[x.ddpg, section PROV] step: expected >= 0"));
}

}  // namespace
}  // namespace ddpg
