// Files made to break the reader: mutations with the checksums repaired must end in a policy or in an Error, never in a
// crash, in memory beyond the file's size, or in a policy that would be written differently. Worth most under the
// sanitizers.
#include <gtest/gtest.h>

#include "ddpg/error.h"
#include "policy/format.h"
#include "policy/policy_samples.h"

namespace ddpg {
namespace {

using testing::kHeader;

// A small generator, so that this test stands on nothing else: SplitMix64.
struct Chance {
  std::uint64_t state;
  std::uint64_t below(std::uint64_t bound) {
    std::uint64_t z = state += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return (z ^ z >> 31) % bound;
  }
};

// Numbers at which sizes go wrong.
constexpr std::uint64_t kNasty[] = {0,          1,          2,          0x7F,       0x80,       0xFF,
                                    0xFFFF,     0x10000,    0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x40000000,
                                    0x7F800000, 1ull << 61, 1ull << 62, 1ull << 63, ~0ull};

void mutate(std::string& bytes, Chance& chance) {
  const std::size_t place = kHeader + chance.below(bytes.size() - kHeader);
  const std::size_t size = std::min<std::size_t>(std::size_t{1} << chance.below(4), bytes.size() - place);
  switch (chance.below(5)) {
    case 0:
      bytes[place] ^= static_cast<char>(1 << chance.below(8));
      break;
    case 1:
      bytes[place] = static_cast<char>(chance.below(256));
      break;
    case 2:
      testing::put_number(bytes, place, size, kNasty[chance.below(std::size(kNasty))]);
      break;
    case 3:
      bytes.erase(place, size);
      break;
    default:
      bytes.insert(place, bytes.substr(kHeader + chance.below(bytes.size() - kHeader), size));
  }
}

// After a mutation that changed a section's length, sets the length in its frame, so that the payload itself is read.
void mutate_inside(std::string& bytes, Chance& chance) {
  constexpr std::string_view kTags[] = {"PROV", "NETW", "BNDS", "NORM", "WGTS", "SPEC", "CHCK", "MODL"};
  const std::size_t sections = testing::number_at(bytes, 12, 4);
  std::string_view tag = kTags[chance.below(std::min(sections, std::size(kTags)))];
  if (tag == "MODL" && testing::number_at(bytes, 8, 4) == 4) tag = "WRAP";
  const std::size_t payload = testing::payload_of(bytes, tag);
  const std::uint64_t length = testing::number_at(bytes, payload - 8, 8);
  std::string section(kHeader, '\0');  // mutate() leaves the first bytes alone
  section += bytes.substr(payload, length);
  for (std::uint64_t i = 0; i <= chance.below(3) && section.size() > kHeader; i++) mutate(section, chance);
  bytes.replace(payload, length, section.substr(kHeader));
  testing::put_number(bytes, payload - 8, 8, section.size() - kHeader);
}

// Whether the bytes are taken as a policy.
bool survives(const std::string& bytes) {
  try {
    const Policy::Content content = decode_policy(bytes, "hostile");
    EXPECT_EQ(encode_policy(content), bytes);
    return true;
  } catch (const Error&) {
    return false;
  }
}

TEST(HostilePolicyFile, MutatedAndRepaired) {
  NetworkShape layer_norm = testing::actor_shape(2, {3}, 1);
  layer_norm.layer_norm = true;
  NetworkShape residual = testing::actor_shape(2, {3}, 1);
  residual.body = Body::simba;
  Policy::Content of_a_model = testing::golden_policy();
  of_a_model.provenance.model = {{"a.xml", 1}, {"b.stl", 2}};
  Policy::Content wrapped = testing::golden_policy();
  wrapped.wrappers = {{deploy::WrapperKind::frame_stack, 3, 0}, {deploy::WrapperKind::low_pass, 0, 0.5}};
  const std::string files[] = {encode_policy(testing::golden_policy()), encode_policy(of_a_model),
                               encode_policy(testing::sample_policy(layer_norm)),
                               encode_policy(testing::sample_policy(residual)), encode_policy(wrapped)};
  Chance chance{20150909};
  int taken = 0, refused = 0;
  for (int round = 0; round < 20'000; round++) {
    std::string bytes = files[round % 5];
    if (round % 7 < 6) {
      mutate_inside(bytes, chance);
    } else {
      mutate(bytes, chance);
    }
    testing::repair(bytes);
    (survives(bytes) ? taken : refused)++;
  }
  EXPECT_GT(taken, 1'000);  // both outcomes must occur, or the mutations are too tame or too wild
  EXPECT_GT(refused, 1'000);
}

TEST(HostilePolicyFile, NoiseAfterAnHonestHeader) {
  const std::string honest = encode_policy(testing::golden_policy());
  Chance chance{7};
  for (int round = 0; round < 5'000; round++) {
    std::string bytes = honest.substr(0, kHeader);
    for (std::uint64_t size = chance.below(200); size > 0; size--) bytes += static_cast<char>(chance.below(256));
    testing::repair(bytes);
    EXPECT_FALSE(survives(bytes));
  }
}

}  // namespace
}  // namespace ddpg
