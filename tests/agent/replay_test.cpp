// The replay buffer against a naive one, its sampling, and what it costs.
#include "agent/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <set>

#include "agent/replay_player.h"
#include "ddpg/error.h"

namespace ddpg {
namespace {

using testing::kActions;
using testing::kObservations;
using testing::NaiveReplay;
using testing::Player;
using testing::same;
using testing::sample;

TEST(Replay, IsTheNaiveOneAtEveryMoment) {
  for (const std::int64_t capacity : {1, 2, 3, 7, 40})
    for (const double end_probability : {0.02, 0.3, 1.0}) {
      Replay replay(kObservations, kActions, capacity);
      NaiveReplay naive(static_cast<std::size_t>(capacity));
      Player player(replay, end_probability, static_cast<std::uint64_t>(capacity));
      for (int step = 0; step < 600; step++) {
        naive.add(player.play_step());
        ASSERT_EQ(replay.size(), naive.size());
        for (std::int64_t age = 0; age < naive.size(); age++)
          ASSERT_TRUE(same(replay.at(age), naive.at(age)))
              << "capacity " << capacity << ", ends " << end_probability << ", step " << step << ", age " << age;
      }
    }
}

// Copies that play in turn, in a random order, or one of them seldom; also more copies than there is room for.
TEST(Replay, IsTheNaiveOneWithManyCopiesInAnyOrder) {
  enum Order { kInTurn, kRandom, kLastSeldom };
  for (const std::int64_t capacity : {1, 2, 7, 40})
    for (const int copies : {2, 3, 8})
      for (const Order order : {kInTurn, kRandom, kLastSeldom}) {
        Replay replay(kObservations, kActions, capacity, copies);
        NaiveReplay naive(static_cast<std::size_t>(capacity));
        std::vector<Player> players;
        for (int copy = 0; copy < copies; copy++) players.emplace_back(replay, 0.1 * copy, 7, copy);
        RandomStream random(1);
        for (int step = 0; step < 600; step++) {
          int copy = step % copies;
          if (order == kRandom) copy = static_cast<int>(random.below(static_cast<std::uint64_t>(copies)));
          if (order == kLastSeldom) copy = step % 50 == 0 ? copies - 1 : step % (copies - 1);
          naive.add(players[static_cast<std::size_t>(copy)].play_step());
          ASSERT_EQ(replay.size(), naive.size());
          for (std::int64_t age = 0; age < naive.size(); age++)
            ASSERT_TRUE(same(replay.at(age), naive.at(age)))
                << "capacity " << capacity << ", copies " << copies << ", order " << order << ", step " << step
                << ", age " << age;
        }
      }
}

TEST(Replay, SamplesOfManyCopiesAreTransitionsAsTheyWereStored) {
  Replay replay(kObservations, kActions, 50, 3);
  std::vector<Player> players;
  for (int copy = 0; copy < 3; copy++) players.emplace_back(replay, 0.2, 2, copy);
  std::map<float, StoredTransition> stored;  // by the first number of their observation: they differ in all of them
  for (int step = 0; step < 120; step++) {
    const StoredTransition transition = players[static_cast<std::size_t>(step % 3)].play_step();
    if (step >= 70) stored[transition.observation[0]] = transition;
  }
  Minibatch minibatch(500, kObservations, kActions);
  RandomStream random(0);
  sample(replay, random, minibatch);
  std::set<float> drawn;
  for (int row = 0; row < 500; row++) {
    const float first = minibatch.observation.view().at(row, 0);
    ASSERT_TRUE(stored.contains(first));
    drawn.insert(first);
    const StoredTransition& transition = stored[first];
    for (int i = 0; i < kObservations; i++)
      ASSERT_EQ(minibatch.next_observation.view().at(row, i), transition.next_observation[static_cast<std::size_t>(i)]);
    ASSERT_EQ(minibatch.reward[static_cast<std::size_t>(row)], transition.reward);
    ASSERT_EQ(minibatch.discount[static_cast<std::size_t>(row)], transition.terminated ? 0.0f : 0.99f);
  }
  EXPECT_EQ(drawn.size(), 50u);  // each of 50 is missed by 500 draws with a probability of 4e-5
}

// However short the episodes are, and however they end: a capacity is one.
TEST(Replay, HoldsItsCapacityOfEpisodesOfOneStep) {
  constexpr std::int64_t kCapacity = 1'000'000;
  Replay replay(1, 1, kCapacity);
  const std::vector<float> action{0};
  for (std::int64_t i = 0; i < kCapacity + 100; i++) {
    replay.begin_episode(std::vector<double>{-1.0});
    replay.add(action, 0, i % 2 == 0, i % 2 != 0, std::vector<double>{static_cast<double>(i)});
  }
  ASSERT_EQ(replay.size(), kCapacity);
  for (const std::int64_t age : {std::int64_t{0}, std::int64_t{1}, kCapacity / 2, kCapacity - 1})
    EXPECT_EQ(replay.at(age).next_observation[0], static_cast<float>(100 + age));
}

// Phases in which all episodes are short and in which they are long, over and over: places come back in any order.
TEST(Replay, UsesThePlacesOfLastObservationsAgain) {
  constexpr std::int64_t kCapacity = 200;
  Replay replay(kObservations, kActions, kCapacity);
  NaiveReplay naive(kCapacity);
  Player player(replay, 1.0, 1);
  for (int phase = 0; phase < 12; phase++) {
    player.end_with(phase % 2 == 0 ? 1.0 : 0.05);
    for (int step = 0; step < 150; step++) {
      naive.add(player.play_step());
      for (const std::int64_t age : {std::int64_t{0}, naive.size() / 2, naive.size() - 1})
        ASSERT_TRUE(same(replay.at(age), naive.at(age))) << "phase " << phase << ", step " << step << ", age " << age;
    }
  }
}

// Resident memory of the process by what the buffer has touched: a tenth of the places at most for one end in ten,
// though each place has been offered many times over.
TEST(Replay, TakesMemoryOnlyForAsManyEndsAsItHolds) {
  constexpr std::int64_t kCapacity = 4'000;
  constexpr int kWide = 2'000;
  const auto resident = [] {
    std::int64_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages >> pages;
    return pages * sysconf(_SC_PAGESIZE);
  };
  Replay replay(kWide, 1, kCapacity);
  const std::vector<double> observation(kWide, 1.0);
  const std::vector<float> action{0};
  const auto play = [&](std::int64_t steps) {
    for (std::int64_t i = 0; i < steps; i++) {
      if (i % 10 == 0) replay.begin_episode(observation);
      replay.add(action, 0, i % 10 == 9, false, observation);
    }
  };
  play(kCapacity);
  const std::int64_t once = resident();
  play(20 * kCapacity);
  EXPECT_LT(resident() - once, kCapacity * kWide * 4 / 2);  // all places would be 32 MB
}

TEST(Replay, KeepsTheTrueLastObservationOfAnEpisode) {
  Replay replay(1, 1, 10);
  replay.begin_episode(std::vector<double>{1});
  replay.add(std::vector<float>{0.5f}, 1, false, true, std::vector<double>{2});
  replay.begin_episode(std::vector<double>{100});
  replay.add(std::vector<float>{0.5f}, 1, false, false, std::vector<double>{101});
  EXPECT_EQ(replay.at(0).next_observation[0], 2.0f);
  EXPECT_EQ(replay.at(1).observation[0], 100.0f);
  EXPECT_EQ(replay.at(1).next_observation[0], 101.0f);
}

TEST(Replay, SamplesWhatItHoldsAndKeepsThePaddingZero) {
  Replay replay(kObservations, kActions, 50);
  Player player(replay, 0.2, 2);
  for (int step = 0; step < 120; step++) player.play_step();
  Minibatch minibatch(64, kObservations, kActions);
  RandomStream random(0);
  sample(replay, random, minibatch);
  for (int row = 0; row < 64; row++) {
    const std::size_t i = static_cast<std::size_t>(row);
    const StoredTransition stored = replay.at(static_cast<std::int64_t>(minibatch.reward[i]) - 70);
    ASSERT_EQ(minibatch.reward[i], stored.reward);
    ASSERT_EQ(minibatch.discount[i], stored.terminated ? 0.0f : 0.99f);
    const auto expect_row = [row](ConstPanels found, std::vector<float> expected) {
      expected.resize(kPanel, 0.0f);
      ASSERT_THAT(std::vector<float>(found.row(0, row), found.row(0, row) + kPanel),
                  ::testing::ElementsAreArray(expected));
    };
    expect_row(minibatch.observation.view(), stored.observation);
    expect_row(minibatch.action.view(), stored.action);
    expect_row(minibatch.next_observation.view(), stored.next_observation);
  }
}

// Chi-square of 100,000 draws within five standard deviations of its mean: before the ring is full, and after it has
// wrapped.
TEST(Replay, SamplesUniformly) {
  for (const int steps : {70, 100, 330}) {
    Replay replay(kObservations, kActions, 100);
    Player player(replay, 0.1, 3);
    for (int step = 0; step < steps; step++) player.play_step();
    std::vector<int> counts(static_cast<std::size_t>(replay.size()));
    Minibatch minibatch(100, kObservations, kActions);
    RandomStream random(4, "sampling");
    for (int draw = 0; draw < 1'000; draw++) {
      sample(replay, random, minibatch);
      for (float reward : minibatch.reward)
        counts.at(static_cast<std::size_t>(static_cast<std::int64_t>(reward) - (steps - replay.size())))++;
    }
    const double expected = 100'000.0 / static_cast<double>(counts.size());
    double chi_square = 0;
    for (int count : counts) chi_square += (count - expected) * (count - expected) / expected;
    const double freedom = static_cast<double>(counts.size() - 1);
    EXPECT_NEAR(chi_square, freedom, 5 * std::sqrt(2 * freedom)) << "after " << steps << " steps";
  }
}

TEST(Replay, SamplesTheSameForTheSameStream) {
  Replay replay(kObservations, kActions, 100);
  Player player(replay, 0.1, 5);
  for (int step = 0; step < 100; step++) player.play_step();
  const auto rewards = [&](std::uint64_t seed) {
    Minibatch minibatch(20, kObservations, kActions);
    RandomStream random(seed);
    sample(replay, random, minibatch);
    return minibatch.reward;
  };
  EXPECT_EQ(rewards(1), rewards(1));
  EXPECT_NE(rewards(1), rewards(2));
}

TEST(Replay, TakesNoMoreMemoryThanPromised) {
  const std::size_t humanoid = Replay::size_in_bytes(348, 17, 1'000'000);
  EXPECT_LE(humanoid, 1'700'000'000u);
  EXPECT_GE(humanoid, 1'000'000u * (348 + 17 + 1) * sizeof(float));  // one copy of each observation is the least
  EXPECT_EQ(Replay::size_in_bytes(348, 17, 1'000'000, 101) - humanoid, 100u * 348 * sizeof(float));
}

TEST(Replay, SaysWhatWasWantedWhenMemoryIsShort) {
  try {
    Replay replay(348, 17, 1'000'000'000'000);
    FAIL() << "1.6 PB were taken";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::AllOf(::testing::HasSubstr("[replay]"), ::testing::HasSubstr("bytes"),
                                               ::testing::HasSubstr("replay_capacity")));
  }
}

}  // namespace
}  // namespace ddpg
