// A player that dies in the middle of what it does: what of it has come is whole, in order and there once, and what the
// others live is not touched.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "actors/free_players.h"
#include "actors/parcel.h"
#include "actors/player.h"
#include "ddpg/error.h"
#include "group/local_group.h"
#include "run/small_run.h"

namespace ddpg {
namespace {

constexpr int kBlock = 64, kVictim = 2;

thread_local LocalGroup* member = nullptr;  // of the thread that plays

// Shows who plays it, and how many steps it has made. In one member's hands it kills that one during a step.
class Counting final : public Environment {
 public:
  Counting(int victim, int dies_at) : victim_(victim), dies_at_(dies_at) {
    specification_ = {
        .name = "Counting-v0", .observation_size = 2, .action_low = {-1}, .action_high = {1}, .time_limit = 50};
  }
  const Specification& specification() const override { return specification_; }
  void reset(RandomStream&, std::span<double> observation) override { show(observation); }
  StepResult step(std::span<const float>, std::span<double> observation) override {
    count_++;
    if (rank() == victim_ && count_ == dies_at_) {
      member->die();
      throw Error("a process that is killed says nothing");
    }
    show(observation);
    return {.reward = 0};
  }

 private:
  static int rank() { return member == nullptr ? 0 : member->rank(); }
  void show(std::span<double> observation) const {
    observation[0] = rank();
    observation[1] = count_;
  }

  int victim_, dies_at_, count_ = 0;
  Specification specification_;
};

// The steps of each player that the replay buffer holds, in its order; each is checked to be one that it made.
std::map<int, std::vector<int>> lived(const Replay& replay) {
  std::map<int, std::vector<int>> steps;
  for (std::int64_t age = 0; age < replay.size(); age++) {
    const StoredTransition one = replay.at(age);
    const int player = static_cast<int>(one.observation[0]), step = static_cast<int>(one.next_observation[1]);
    EXPECT_EQ(one.next_observation[0], one.observation[0]) << age;
    EXPECT_EQ(one.next_observation[1], one.observation[1] + 1) << age;
    EXPECT_TRUE(step % 50 != 0 || one.truncated) << age;
    steps[player].push_back(step);
  }
  return steps;
}

void expect_from_the_first_on(const std::vector<int>& steps, int player) {
  for (std::size_t i = 0; i < steps.size(); i++) ASSERT_EQ(steps[i], static_cast<int>(i) + 1) << "player " << player;
}

class DiesAtStep : public ::testing::TestWithParam<int> {};

TEST_P(DiesAtStep, LeavesWholeBlocks) {
  constexpr int kSteps = 1'500;
  Options options = testing::small_run(kSteps);
  options.environment = "Counting-v0";
  options.replay_capacity = 200'000;  // one that starts late is still waited for
  options.update_interval = 100;
  register_environment({.name = "Counting-v0", .make = [](const EnvironmentSettings&) {
                          return std::make_unique<Counting>(kVictim, GetParam());
                        }});
  auto members = LocalGroup::of(4);
  const std::shared_ptr<LocalGroup> learner = std::move(members[0]);
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < members.size(); i++)
    threads.emplace_back([&, i] {
      member = members[i].get();
      play_for(*members[i]);
    });
  const std::unique_ptr<Environment> one = make_environment(options.environment, options.env);
  FreePlayers players(learner, options, one->specification(), {});
  std::string warnings;
  while (players.steps() < kSteps || warnings.empty()) {
    players.step(kSteps, nullptr);
    warnings += players.take_warning();
  }
  const auto steps = lived(players.replay());
  send_home(*learner);
  for (std::thread& thread : threads) thread.join();

  ASSERT_LT(players.steps(), options.replay_capacity);
  EXPECT_THAT(warnings, ::testing::HasSubstr("process 2 is gone at step "));
  for (const auto& [player, made] : steps) expect_from_the_first_on(made, player);
  const std::size_t of_victim = steps.contains(kVictim) ? steps.at(kVictim).size() : 0;
  EXPECT_EQ(of_victim % kBlock, 0u);
  EXPECT_LT(of_victim, static_cast<std::size_t>(GetParam()));
  // of the others one may have come too late to be needed
  std::size_t of_others = 0;
  for (const auto& [player, made] : steps) of_others += player == kVictim ? 0 : made.size();
  EXPECT_GT(of_others, 2u * kBlock);
}

INSTANTIATE_TEST_SUITE_P(FreePlayers, DiesAtStep, ::testing::Values(1, 2, 63, 64, 65, 100, 128, 129, 300));

// What a network still had of one that is lost.
class Late final : public Group {
 public:
  explicit Late(std::unique_ptr<LocalGroup> group) : group_(std::move(group)) {}
  int rank() const override { return group_->rank(); }
  int size() const override { return group_->size(); }
  void send(int to, std::string bytes) override { group_->send(to, std::move(bytes)); }
  int underway(int to) override { return group_->underway(to); }
  std::optional<Message> receive(int from) override {
    std::optional<Message> message = group_->receive(from);
    if (!message || message->from != 1 || std::exchange(lost_, true)) return message;
    throw Lost(1, "[test] process 1 is gone");
  }
  bool is_lost(int process) const override { return process == 1 && lost_; }

 private:
  std::unique_ptr<LocalGroup> group_;
  bool lost_ = false;
};

TEST(FreePlayers, WhatComesLateOfALostOneIsNotTaken) {
  Options options = testing::small_run(600);
  options.environment = "Counting-v0";
  register_environment(
      {.name = "Counting-v0", .make = [](const EnvironmentSettings&) { return std::make_unique<Counting>(0, -1); }});
  auto members = LocalGroup::of(3);
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < members.size(); i++)
    threads.emplace_back([&, i] {
      member = members[i].get();
      play_for(*members[i]);
    });
  const auto learner = std::make_shared<Late>(std::move(members[0]));
  const std::unique_ptr<Environment> one = make_environment(options.environment, options.env);
  FreePlayers players(learner, options, one->specification(), {});
  while (players.steps() < 600) players.step(600, nullptr);
  const auto steps = lived(players.replay());
  learner->send(1, Parcel(Word::end).take());
  send_home(*learner);
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(steps.contains(1));
  expect_from_the_first_on(steps.at(2), 2);
}

}  // namespace
}  // namespace ddpg
