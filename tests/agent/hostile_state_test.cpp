// A training put back from a state in which any one number is another: it is refused with an Error, or the training
// goes on. The sanitizers see what it does then; without them it must at least come to an end.
#include <gtest/gtest.h>

#include <cstring>
#include <initializer_list>
#include <limits>
#include <string>
#include <vector>

#include "agent/algorithm.h"
#include "agent/replay_rows_copy.h"
#include "ddpg/error.h"
#include "fuzz/checkpoint_samples.h"

namespace ddpg {
namespace {

template <class Number>
std::vector<std::string> bytes_of(std::initializer_list<Number> numbers) {
  std::vector<std::string> bytes;
  for (const Number number : numbers) bytes.emplace_back(reinterpret_cast<const char*>(&number), sizeof number);
  return bytes;
}

template <class Real>
std::vector<std::string> extreme_reals() {
  using Limits = std::numeric_limits<Real>;
  return bytes_of<Real>(
      {Real{-1}, Real{0.5}, static_cast<Real>(1e20), Limits::lowest(), Limits::infinity(), Limits::quiet_NaN()});
}

template <class Integer>
std::vector<std::string> extreme_integers() {
  using Limits = std::numeric_limits<Integer>;
  constexpr auto kMost = static_cast<Integer>(Snapshot::kMostCount);
  return bytes_of<Integer>(
      {0, 1, static_cast<Integer>(-1), kMost, static_cast<Integer>(-kMost), Limits::min(), Limits::max()});
}

std::vector<std::string> extremes(Dtype dtype) {
  switch (dtype) {
    case Dtype::f32:
      return extreme_reals<float>();
    case Dtype::f64:
      return extreme_reals<double>();
    case Dtype::i64:
      return extreme_integers<std::int64_t>();
    case Dtype::u64:
      return extreme_integers<std::uint64_t>();
    case Dtype::u32:
      return bytes_of<std::uint32_t>({0, 1, 2, 3, 7, 0x7fff'ffff, 0xffff'ffff});
    case Dtype::u8:
      return {"\x01", "\xff"};
    default:
      return {};
  }
}

Snapshot state_of(Algorithm& algorithm) {
  Snapshot state;
  algorithm.exchange(state);
  return state;
}

// Whether the state was taken.
bool goes_on_from(std::vector<SnapshotPart> parts, const Replay& replay) try {
  Snapshot state(std::move(parts), "x");
  Algorithm algorithm = testing::sampled_algorithm();
  testing::copy_settled_rows(replay, algorithm.replay());
  algorithm.exchange(state);
  for (int i = 0; i < 30; i++) algorithm.step(2);
  state_of(algorithm);
  return true;
} catch (const Error&) {
  return false;
}

constexpr std::size_t kFirst = 16;  // of each array are tried, and the last

TEST(HostileState, AnyNumberThatIsAnotherIsRefusedOrTheTrainingGoesOn) {
  Algorithm played = testing::sampled_algorithm();
  while (played.steps() < 40) played.step(2);
  const std::vector<SnapshotPart> parts = state_of(played).parts();
  ASSERT_TRUE(goes_on_from(parts, played.replay()));
  int tried = 0, taken = 0;
  for (std::size_t i = 0; i < parts.size(); i++) {
    const std::vector<std::string> others = extremes(parts[i].dtype);
    EXPECT_FALSE(others.empty()) << parts[i].name;
    for (const std::string& other : others) {
      ASSERT_EQ(parts[i].bytes.size() % other.size(), 0u) << parts[i].name;
      const std::size_t count = parts[i].bytes.size() / other.size();
      for (std::size_t place = 0; place < count; place++) {
        if (place >= kFirst && place + 1 < count) continue;
        std::vector<SnapshotPart> hostile = parts;
        hostile[i].bytes.replace(place * other.size(), other.size(), other);
        SCOPED_TRACE(parts[i].name);
        tried++;
        taken += goes_on_from(std::move(hostile), played.replay());
      }
    }
  }
  EXPECT_GT(taken, tried / 10);
  EXPECT_LT(taken, tried);
}

// What restoring says when the part `name` holds these bytes; "" when it takes them.
std::string complaint(const std::string& name, const std::string& bytes) {
  Algorithm played = testing::sampled_algorithm();
  std::vector<SnapshotPart> parts = state_of(played).parts();
  bool found = false;
  for (SnapshotPart& part : parts) {
    if (part.name != name) continue;
    part.bytes = bytes;
    found = true;
  }
  EXPECT_TRUE(found) << name;
  Snapshot state(parts, "x");
  try {
    Algorithm algorithm = testing::sampled_algorithm();
    algorithm.exchange(state);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(HostileState, CountsOutOfRangeAreNamed) {
  const std::int64_t most = Snapshot::kMostCount;
  EXPECT_EQ(complaint("normaliser.count", bytes_of({most})[0]), "");
  EXPECT_EQ(complaint("normaliser.count", bytes_of({most + 1})[0]),
            "[x] normaliser.count: 9007199254740993 is out of range; the file is damaged");
}

// A stream of zeros draws zeros for ever, and what draws until a number fits would never end.
TEST(HostileState, AStreamOfZerosIsRefused) {
  EXPECT_NE(complaint("sampling_random", std::string(32, '\0')), "");
  EXPECT_NE(complaint("copies.1.exploration_random", std::string(32, '\0')), "");
  EXPECT_EQ(complaint("sampling_random", std::string(31, '\0') + "\1"), "");
}

// They would all be done in one round, and nobody could stop it.
TEST(HostileState, UpdatesOwedForManyStepsAreRefusedHoweverFewTransitionsThereAre) {
  EXPECT_EQ(complaint("step", bytes_of<std::int64_t>({40})[0]), "");
  EXPECT_NE(complaint("step", bytes_of<std::int64_t>({1'000'000})[0]), "");
}

}  // namespace
}  // namespace ddpg
