// The table of options covers them all.
#include "options/option_table.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ddpg/options.h"
#include "generated_section.h"

namespace ddpg {
namespace {

// Converts to anything: what a member of an aggregate can be made of.
struct Anything {
  template <class T>
  operator T() const;
};

// How many members the aggregate T has, a base counted as one.
template <class T, class... Given>
consteval std::size_t members() {
  if constexpr (requires { T{Given{}..., Anything{}}; })
    return members<T, Given..., Anything>();
  else
    return sizeof...(Given);
}

// A member without a row fails here. `env` has none, a group or a base has those of its own members.
TEST(OptionTable, HasEveryMember) {
  // adam, actor, critic, encoder, assessment, target, replay, exploration, stop
  constexpr std::size_t kGroups = 9;
  constexpr std::size_t kNetwork = members<NetworkOptions>() - 1;  // less the base
  static_assert(members<AdamOptions>() == 3);
  EXPECT_EQ(option_table().size(), members<Options>() - 1 - kGroups + members<AdamOptions>() + members<ActorOptions>() +
                                       members<CriticOptions>() + 2 * kNetwork + members<TargetOptions>() +
                                       members<ReplayOptions>() + members<ExplorationOptions>() +
                                       members<StopOptions>() + members<EncoderOptions>() +
                                       members<AssessmentOptions>());
}

TEST(OptionTable, NamesAreUniqueAndEachLeadsToItsOwnMember) {
  Options options;
  for (const OptionEntry& entry : option_table()) {
    EXPECT_EQ(find_option(entry.name), &entry) << entry.name;
    const Options before = options;
    // the first value of these that is not the one it has: true, 7, the names, a list
    for (const RawValue& raw :
         {RawValue(true), RawValue(std::int64_t{7}), RawValue("elu"), RawValue("none"), RawValue("huber"),
          RawValue("mean"), RawValue("simba"), RawValue("orthogonal-he"), RawValue("lap"), RawValue("relu"),
          RawValue("sale"), RawValue("training"), RawValue("end_episode"), RawValue(false), RawValue("x"),
          RawValue(std::vector<double>{7, 7})}) {
      if (options == before) entry.set(options, raw);
    }
    EXPECT_NE(options, before) << entry.name;
    for (const OptionEntry& other : option_table()) {
      EXPECT_EQ(other.value(options) != other.value(before), other.name == entry.name)
          << entry.name << " " << other.name;
    }
  }
}

TEST(OptionTable, DocumentIsUpToDate) {
  std::string section = "| key | type | range | default | meaning | source |\n|---|---|---|---|---|---|\n";
  for (const OptionEntry& entry : option_table()) {
    section += fmt::format("| `{}` | {} | {} | `{}` | {} | {} |\n", entry.name, entry.type, entry.range,
                           entry.value(Options{}), within_a_table(entry.meaning), entry.source);
  }
  expect_generated_section("options.md", section);
}

}  // namespace
}  // namespace ddpg
