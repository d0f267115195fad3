// The replay buffer put back from its state, and episodes that are cut or ended when it is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/replay_player.h"
#include "agent/replay_rows_copy.h"
#include "ddpg/error.h"

namespace ddpg {
namespace {

using ::testing::HasSubstr;
using testing::kActions;
using testing::kObservations;
using testing::NaiveReplay;
using testing::Player;
using testing::same;
using ::testing::ThrowsMessage;

// Put back from its state, in which the part `name` is another.
Replay restored(Replay& from, const std::string& name, const std::string& bytes) {
  Snapshot state;
  from.exchange(state);
  std::vector<SnapshotPart> parts = state.parts();
  for (SnapshotPart& part : parts)
    if (part.name == name) part = {name, part.dtype, {static_cast<std::int64_t>(bytes.size() / 4)}, bytes};
  Snapshot hostile(parts, "x");
  Replay to(kObservations, kActions, from.capacity(), 2);
  testing::copy_settled_rows(from, to);
  to.exchange(hostile);
  return to;
}

// Two copies, of which the second waits for a long time: many transitions are unsettled, some of them ends.
TEST(ReplayState, IsTheSameWhenItIsPutBackAndGoesOnLikewise) {
  for (const int steps : {5, 30, 90}) {
    Replay replay(kObservations, kActions, 40, 2);
    Player first(replay, 0.5, 1, 0), second(replay, 0.0, 1, 1);
    for (int step = 0; step < steps; step++) (step % 25 == 3 ? second : first).play_step();
    Replay to = restored(replay, "", "");
    for (int step = 0; step < 100; step++) {
      ASSERT_EQ(to.size(), replay.size());
      for (std::int64_t age = 0; age < replay.size(); age++) ASSERT_TRUE(same(to.at(age), replay.at(age)));
      const std::vector<float> action(kActions, static_cast<float>(step));
      for (Replay* buffer : {&replay, &to}) {
        buffer->begin_episode(std::vector<double>(kObservations, step + 0.5));
        buffer->add(action, 0, step % 3 != 0, false, std::vector<double>(kObservations, -step));
      }
    }
  }
}

TEST(ReplayState, RefusesAStateWhoseLastObservationsAreNotOfItsEpisodes) {
  Replay replay(kObservations, kActions, 40, 2);
  Player first(replay, 0.5, 1, 0), second(replay, 0.0, 1, 1);
  second.play_step();
  for (int step = 0; step < 20; step++) first.play_step();
  const ReplayColumn lasts = replay.columns().back();
  const std::int64_t ends = replay.rows(lasts, {replay.settled().end, replay.kept().end});
  ASSERT_GT(ends, 2);
  const auto rows = [](std::int64_t count) {
    return std::string(static_cast<std::size_t>(count) * kObservations * 4, 1);
  };
  EXPECT_EQ(restored(replay, "unsettled.last_observation", rows(ends)).size(), 21);
  for (const std::int64_t wrong : {ends - 1, ends + 1, std::int64_t{0}})
    EXPECT_THROW(restored(replay, "unsettled.last_observation", rows(wrong)), Error);
}

TEST(ReplayState, RefusesANegativeNumberOfItsFirstTransition) {
  Replay replay(kObservations, kActions, 40);
  Player player(replay, 0.0, 1);
  for (int step = 0; step < 5; step++) player.play_step();
  for (std::int64_t wrong : {std::int64_t{-1}, -Snapshot::kMostCount}) {
    Snapshot state;
    replay.exchange(state);
    state.value("first", wrong);
    Snapshot hostile(state.parts(), "x");
    Replay to(kObservations, kActions, 40);
    testing::copy_settled_rows(replay, to);
    EXPECT_THAT([&] { to.exchange(hostile); }, ThrowsMessage<Error>(HasSubstr("its first transition is negative")));
  }
}

// An environment that cannot be put back: its episode is cut where the others have ended since.
TEST(ReplayState, CutsAnEpisodeAmongOthersThatEnded) {
  Replay replay(kObservations, kActions, 6, 2);
  NaiveReplay naive(6);
  Player first(replay, 1.0, 1, 0), second(replay, 0.0, 1, 1);
  StoredTransition cut = second.play_step();
  for (int step = 0; step < 3; step++) first.play_step();
  replay.cut_episode(1);
  cut.truncated = true;
  EXPECT_TRUE(same(replay.at(0), cut));
  for (int step = 0; step < 20; step++) naive.add(first.play_step());
  for (std::int64_t age = 0; age < 6; age++) EXPECT_TRUE(same(replay.at(age), naive.at(age)));
}

TEST(ReplayState, AnEpisodeThatEndedStaysSoWithoutTheBeginningOfTheNext) {
  Replay replay(kObservations, kActions, 20);
  const std::vector<double> first(kObservations, 1.0), last(kObservations, 2.0), other(kObservations, 3.0);
  const std::vector<float> action(kActions, 0.5f);
  replay.begin_episode(first);
  replay.add(action, 1, true, false, last);
  replay.add(action, 1, false, false, other);
  EXPECT_TRUE(replay.at(0).terminated);
  EXPECT_EQ(replay.at(0).next_observation, std::vector<float>(kObservations, 2.0f));
}

// The end of an episode waits for nothing, whether or not another begins.
TEST(ReplaySettled, WhatHasEndedIsSettled) {
  Replay replay(1, 1, 10, 2);
  const std::vector<double> observation{0.5};
  const std::vector<float> action{0.5f};
  for (const int copy : {0, 1}) replay.begin_episode(observation, copy);
  replay.add(action, 1, false, false, observation, 0);
  EXPECT_EQ(replay.settled().end, 0);
  replay.add(action, 1, true, false, observation, 0);
  EXPECT_EQ(replay.settled().end, 2);
  replay.add(action, 1, false, false, observation, 1);
  EXPECT_EQ(replay.settled().end, 2);
  replay.cut_episode(1);
  EXPECT_EQ(replay.settled().end, 3);
  EXPECT_EQ(replay.follower(0), 1);
  EXPECT_EQ(replay.follower(1), -1);
  EXPECT_EQ(replay.follower(2), -1);
}

}  // namespace
}  // namespace ddpg
