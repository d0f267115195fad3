// The policy file: every kind of damage is found and named.
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

// What is said of the golden file after `size` bytes at `place` of the section's payload became `value`, checksums
// repaired.
std::string forged(std::string_view tag, std::size_t place, std::size_t size, std::uint64_t value) {
  std::string bytes = encode_policy(testing::golden_policy());
  put_number(bytes, payload_of(bytes, tag) + place, size, value);
  testing::repair(bytes);
  return complaint(bytes);
}

TEST(PolicyFormat, DamageToTheFirstVersionIsFound) {
  std::string bytes = golden_file("policy_v1.ddpg");
  for (std::size_t size = 0; size < bytes.size(); size++)
    EXPECT_THAT(complaint(bytes.substr(0, size)), StartsWith("[x.ddpg] truncated: expected")) << "length " << size;
  for (std::size_t byte = 0; byte < bytes.size(); byte++) {
    bytes[byte] ^= 0x10;
    EXPECT_THAT(complaint(bytes), StartsWith("[x.ddpg")) << "byte " << byte;
    bytes[byte] ^= 0x10;
  }
  put_number(bytes, 8, 4, 2);  // the sections of version 1 under the number of version 2
  testing::repair(bytes);
  EXPECT_THAT(complaint(bytes), HasSubstr("expected 7 sections, found 5"));
}

TEST(PolicyFormat, EveryFlippedBitIsFound) {
  std::string bytes = encode_policy(testing::golden_policy());
  for (std::size_t bit = 0; bit < bytes.size() * 8; bit++) {
    const char mask = static_cast<char>(1 << bit % 8);
    bytes[bit / 8] ^= mask;
    EXPECT_THAT(complaint(bytes), StartsWith("[x.ddpg")) << "bit " << bit;
    bytes[bit / 8] ^= mask;
  }
  EXPECT_EQ(complaint(bytes), "");
}

TEST(PolicyFormat, EveryTruncationIsFound) {
  const std::string bytes = encode_policy(testing::golden_policy());
  for (std::size_t size = 0; size < bytes.size(); size++) {
    EXPECT_THAT(complaint(bytes.substr(0, size)), StartsWith("[x.ddpg] truncated: expected")) << "length " << size;
  }
}

TEST(PolicyFormat, DamageToTheWholeIsNamed) {
  const std::string bytes = encode_policy(testing::golden_policy());
  EXPECT_THAT(complaint(bytes + '\0'), HasSubstr("trailing bytes: expected 1515 bytes, found 1516"));
  EXPECT_THAT(complaint("PK\x03\x04 something else, and longer than a header"), HasSubstr("not a policy file"));
  EXPECT_THAT(complaint("#!"), HasSubstr("not a policy file"));

  std::string newer = bytes;
  put_number(newer, 8, 4, 5);
  EXPECT_THAT(complaint(newer), HasSubstr("damaged header"));
  testing::repair(newer);
  EXPECT_THAT(complaint(newer),
              HasSubstr("written by a newer ddpg: expected format version 1 to 4, found 5; update ddpg"));
  put_number(newer, 8, 4, 0);
  testing::repair(newer);
  EXPECT_THAT(complaint(newer), HasSubstr("expected format version 1 to 4, found 0"));

  std::string six_sections = bytes;
  put_number(six_sections, 12, 4, 6);
  testing::repair(six_sections);
  EXPECT_THAT(complaint(six_sections), HasSubstr("expected 7 or 8 sections, found 6"));

  std::string more = bytes + "MORE";
  testing::repair(more);
  EXPECT_THAT(complaint(more), HasSubstr("[x.ddpg] trailing bytes"));
}

TEST(PolicyFormat, DamageToASectionIsNamed) {
  const std::string bytes = encode_policy(testing::golden_policy());
  for (const std::string tag : {"PROV", "NETW", "BNDS", "NORM", "WGTS", "SPEC", "CHCK"}) {
    const std::size_t payload = payload_of(bytes, tag);
    std::string damaged = bytes;
    damaged[payload] ^= 1;
    EXPECT_THAT(complaint(damaged), StartsWith("[x.ddpg, section " + tag + "] damaged: expected checksum"));

    std::string renamed = bytes;
    renamed[payload - 12] = '\x1b';  // an escape character must not reach a terminal
    testing::repair(renamed);
    EXPECT_THAT(complaint(renamed),
                AllOf(StartsWith("[x.ddpg, section " + tag + "]"), HasSubstr("found section \"\\x1b")));

    std::string endless = bytes;
    put_number(endless, payload - 8, 8, ~std::uint64_t{0});
    EXPECT_THAT(complaint(endless), HasSubstr("ends too early: expected 18446744073709551615 x 1 bytes for a section"));

    std::string longer = bytes;
    const std::uint64_t length = testing::number_at(bytes, payload - 8, 8);
    longer.insert(payload + length, 1, '\0');
    put_number(longer, payload - 8, 8, length + 1);
    testing::repair(longer);
    EXPECT_THAT(complaint(longer), StartsWith("[x.ddpg, section " + tag + "] trailing bytes"));

    std::string shorter = bytes;
    shorter.erase(payload + length - 1, 1);
    put_number(shorter, payload - 8, 8, length - 1);
    testing::repair(shorter);
    EXPECT_THAT(complaint(shorter), StartsWith("[x.ddpg, section " + tag + "] ends too early"));
  }
}

TEST(PolicyFormat, ForgedNumbersAreNamed) {
  EXPECT_THAT(forged("PROV", 0, 8, 1u << 30), HasSubstr("section PROV] ends too early"));
  EXPECT_THAT(forged("PROV", 19, 8, ~std::uint64_t{0}), HasSubstr("for settings"));
  EXPECT_THAT(forged("PROV", 27 + 15, 1, 4), HasSubstr("type of a setting: expected 0 to 3, found 4"));
  EXPECT_THAT(forged("PROV", 27 + 8, 1, 'z'), HasSubstr("ascending order"));
  EXPECT_THAT(forged("PROV", 27 + 16, 8, 0x7FF8000000000001), HasSubstr("expected NaN as 7ff8000000000000"));
  EXPECT_THAT(forged("NETW", 0, 4, 0), HasSubstr("section NETW] observation size: expected 1 to 16777216, found 0"));
  EXPECT_THAT(forged("NETW", 0, 4, 0xFFFFFFFF), HasSubstr("section NETW] observation size: expected at most"));
  EXPECT_THAT(forged("NETW", 4, 4, 1u << 25), HasSubstr("section NETW] action size: expected 1 to 16777216"));
  // number of steps; then batch_norm, dense: kind, outputs, bias; batch_norm, activate: kind, activation; ...
  EXPECT_THAT(forged("NETW", 8, 8, std::uint64_t{1} << 62), HasSubstr("section NETW] ends too early"));
  EXPECT_THAT(forged("NETW", 8, 8, 0), HasSubstr("section NETW] number of steps: expected 1 to 256, found 0"));
  EXPECT_THAT(forged("NETW", 8, 8, 8), HasSubstr("section NETW] trailing bytes"));
  EXPECT_THAT(forged("NETW", 16, 1, 9), HasSubstr("section NETW] kind of a step: expected 0 to 8, found 9"));
  EXPECT_THAT(forged("NETW", 16, 1, 4), HasSubstr("the action joins"));
  EXPECT_THAT(forged("NETW", 18, 4, 65'537), HasSubstr("outputs of a dense step: expected 1 to 65536, found 65537"));
  EXPECT_THAT(forged("NETW", 18, 4, 5),
              HasSubstr("section WGTS] layers.0.weight: expected shape [5, 3], found [4, 3]"));
  EXPECT_THAT(forged("NETW", 22, 1, 2), HasSubstr("section NETW] bias of a dense step: expected 0 or 1, found 2"));
  EXPECT_THAT(forged("NETW", 25, 1, 4), HasSubstr("section NETW] activation: expected 0 to 3, found 4"));
  EXPECT_THAT(forged("NETW", 42, 1, 1), HasSubstr("section NETW] output activation: expected tanh"));
  EXPECT_THAT(forged("NETW", 36, 4, 3),
              HasSubstr("section NETW] outputs of the last step: expected 2, as actions have, found 3"));
  EXPECT_THAT(forged("NETW", 4, 4, 3), HasSubstr("outputs of the last step: expected 3, as actions have, found 2"));
  EXPECT_THAT(forged("NORM", 0, 1, 0), HasSubstr("section NORM] trailing bytes"));
  EXPECT_THAT(forged("WGTS", 0, 8, 1), HasSubstr("section WGTS] expected 16 tensors, found 1"));
  EXPECT_THAT(forged("WGTS", 16, 1, 'I'), HasSubstr("expected tensor input_norm.weight, found \"Input_norm.weight\""));
  EXPECT_THAT(forged("WGTS", 33, 8, std::uint64_t{1} << 61), HasSubstr("for shape of a tensor"));
  EXPECT_THAT(forged("WGTS", 45, 4, 0x7F800000),
              HasSubstr("input_norm.weight[0]: expected a finite number, found inf"));
}

// Of the versions in which a network was stored as its sizes.
TEST(PolicyFormat, ForgedNumbersOfEarlierVersionsAreNamed) {
  const auto old = [](std::size_t place, std::size_t size, std::uint64_t value) {
    std::string bytes = golden_file("policy_v2.ddpg");
    put_number(bytes, payload_of(bytes, "NETW") + place, size, value);
    testing::repair(bytes);
    return complaint(bytes);
  };
  EXPECT_THAT(old(8, 1, 4), HasSubstr("section NETW] activation: expected 0 to 3, found 4"));
  EXPECT_THAT(old(9, 1, 1), HasSubstr("section NETW] output activation: expected tanh"));
  EXPECT_THAT(old(10, 1, 2), HasSubstr("section NETW] batch normalisation: expected 0 or 1, found 2"));
  EXPECT_THAT(old(11, 1, 1), HasSubstr("found both"));
  EXPECT_THAT(old(12, 8, std::uint64_t{1} << 62), HasSubstr("section NETW] ends too early"));
  EXPECT_THAT(old(12, 8, 0), HasSubstr("number of hidden layers: expected 1 to 63, found 0"));
  EXPECT_THAT(old(20, 4, 65'537), HasSubstr("width of a hidden layer: expected 1 to 65536, found 65537"));
  EXPECT_THAT(old(20, 4, 5), HasSubstr("section WGTS] layers.0.weight: expected shape [5, 3], found [4, 3]"));
  EXPECT_THAT(old(4, 4, 3), HasSubstr("section BNDS] ends too early"));
}

TEST(PolicyFormat, ASettingGivenTwiceIsNamed) {
  Policy::Content content = testing::golden_policy();
  content.provenance.env = {{"mass", 1.0}, {"mast", 2.0}};
  std::string bytes = encode_policy(content);
  bytes[bytes.find("mast") + 3] = 's';
  testing::repair(bytes);
  EXPECT_THAT(complaint(bytes), HasSubstr("ascending order of their names, found \"mass\" after \"mass\""));
}

TEST(PolicyFormat, ForgedValuesAreNamed) {
  const std::uint64_t nan = 0x7FF8000000000000;
  EXPECT_THAT(forged("BNDS", 4, 4, 0xFFC00000), HasSubstr("section BNDS] lower action bound[1]: expected a finite"));
  EXPECT_THAT(forged("BNDS", 8, 4, 0xFF800000), HasSubstr("section BNDS] upper action bound[0]: expected a finite"));
  EXPECT_THAT(forged("BNDS", 8, 4, 0xBF800000), HasSubstr("action bounds[0]: expected lower < upper, found -1 and -1"));
  EXPECT_THAT(forged("NORM", 1, 8, 0), HasSubstr("section NORM] clip: expected a finite number > 0, found 0"));
  EXPECT_THAT(forged("NORM", 9 + 8, 8, nan), HasSubstr("section NORM] mean[1]: expected a finite number, found nan"));
  EXPECT_THAT(forged("NORM", 33 + 16, 8, 0), HasSubstr("section NORM] deviation[2]: expected > 0, found 0"));
  EXPECT_THAT(forged("SPEC", 0, 4, ~0u), HasSubstr("section SPEC] time limit: expected at most 2147483647"));
  EXPECT_THAT(forged("SPEC", 4, 8, nan), HasSubstr("section SPEC] control period: expected a finite number >= 0"));
  EXPECT_THAT(forged("SPEC", 4, 8, 1ull << 63), HasSubstr("control period: expected a finite number >= 0, found -0"));
  EXPECT_THAT(forged("SPEC", 12, 8, 2), HasSubstr("section SPEC] names of observations: expected 3 or none, found 2"));
  EXPECT_THAT(forged("SPEC", 12, 8, 1ull << 61), HasSubstr("section SPEC] ends too early"));
  EXPECT_THAT(forged("SPEC", 20, 8, ~0ull), HasSubstr("section SPEC] ends too early"));
  EXPECT_THAT(forged("CHCK", 0, 8, 1025), HasSubstr("section CHCK] number of check pairs: expected at most 1024"));
  EXPECT_THAT(forged("CHCK", 0, 8, 1), HasSubstr("section CHCK] trailing bytes"));
  EXPECT_THAT(forged("CHCK", 0, 8, 3), HasSubstr("section CHCK] ends too early"));
  EXPECT_THAT(forged("CHCK", 12, 4, 0x7F800000),
              HasSubstr("observation of a check pair[1]: expected a finite number, found inf"));
  EXPECT_THAT(forged("CHCK", 32, 4, 0x7F800000), HasSubstr("action of a check pair[0]: expected a finite"));
  EXPECT_THAT(forged("NORM", 33, 8, nan), HasSubstr("section NORM] deviation[0]: expected a finite number"));
}

}  // namespace
}  // namespace ddpg
