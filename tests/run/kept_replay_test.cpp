// A run's replay buffer as data for another: what is added is what was lived, to the bit.
#include "run/kept_replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "agent/algorithm.h"
#include "data/data_samples.h"
#include "ddpg/agent.h"
#include "ddpg/train.h"
#include "run/checkpoint_contents.h"
#include "support/files.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;
using testing::data_error;
using ::testing::HasSubstr;
using testing::read_data;
using testing::ReadData;

Options replay_options() {
  Options options;
  options.environment = "Pendulum-v1";
  options.steps = 400;  // two episodes
  options.actor.hidden = options.critic.hidden = {8};
  options.batch_size = 8;
  options.warmup_steps = options.learning_starts = 50;
  options.evaluation_episodes = 0;
  options.checkpoint_interval = 150;
  return options;
}

Specification specification_of(const Options& options) {
  return make_environment(options.environment)->specification();
}

class KeptReplay : public ::testing::Test {
 protected:
  std::string trained(const Options& options) const {
    train(options, {}, nullptr, checkpoints_);
    return folder_.path().string();
  }
  // The rows of the replay buffer that this agent's file holds.
  std::map<std::string, std::string> rows_of(const Agent& agent) const {
    const std::string file = (folder_.path() / "x.agent").string();
    agent.save(file);
    std::map<std::string, std::string> rows;
    const CheckpointFile saved = read_checkpoint_file(file);
    for (const SnapshotPart& part : saved.parts)
      if (part.name.starts_with("rows.")) rows["rows of " + part.name.substr(5)] = part.bytes;
    return rows;
  }
  std::map<std::string, std::string> rows_of_run() const {
    std::map<std::string, std::string> rows;
    for (const auto& [name, bytes] : testing::kept(checkpoints_))
      if (name.starts_with("rows of ")) rows[name] = bytes;
    return rows;
  }

  testing::DataFolder folder_;
  const fs::path checkpoints_ = folder_.path() / "checkpoints";
};

TEST_F(KeptReplay, AddedItIsTheSameReplay) {
  std::vector<Options> cases(4, replay_options());
  cases[1].replay_capacity = 270;  // begins within an episode
  cases[2].normalise_observations = cases[2].normalise_rewards = true;
  cases[3].environment = "MountainCarContinuous-v0";
  cases[3].steps = 999;
  for (const Options& options : cases) {
    SCOPED_TRACE(&options - cases.data());
    const std::string run = trained(options);
    Agent agent(options, specification_of(options));
    const DataSummary found =
        read_transitions(run, agent.specification(), [&](const Transition& transition) { agent.add(transition); });
    EXPECT_EQ(found.transitions, std::min(options.steps, options.replay_capacity));
    EXPECT_EQ(found.out_of_bounds, 0);
    EXPECT_TRUE(rows_of(agent) == rows_of_run());
    fs::remove_all(checkpoints_);
  }
}

using Plain = std::tuple<std::vector<float>, std::vector<float>, float, std::vector<float>, bool>;

// Of many environments, which lie among each other in the buffer: each once, each episode in its order.
TEST_F(KeptReplay, OfManyEnvironmentsItIsEpisodeAfterEpisode) {
  Options options = replay_options();
  options.environments = 3;
  options.steps = 999;
  trained(options);
  LoadedCheckpoint checkpoint = load_checkpoint(list_checkpoints(checkpoints_).front());
  std::vector<Plain> stored;
  visit_replay(checkpoint, [&](const StoredTransition& t, bool, bool) {
    stored.emplace_back(t.observation, t.action, t.reward, t.next_observation, t.terminated);
  });
  const ReadData read = read_data(folder_.path().string(), specification_of(options));
  ASSERT_EQ(read.transitions.size(), 999u);
  std::size_t ends = 0;
  for (std::size_t i = 0; i < read.transitions.size(); i++) {
    const Transition& t = read.transitions[i];
    ends += t.truncated;
    EXPECT_TRUE(t.truncated || t.next_observation == read.transitions[i + 1].observation) << i;
  }
  EXPECT_EQ(ends, 3u + 3);  // the first and the second episode of each, which is under way

  std::vector<Plain> lived;  // by an algorithm of the same options
  VectorEnvironment::Copies copies;
  for (int i = 0; i < 3; i++) copies.push_back(make_environment(options.environment));
  Algorithm algorithm(options, std::move(copies));
  while (algorithm.steps() < options.steps) algorithm.step(options.steps - algorithm.steps());
  for (std::int64_t age = 0; age < algorithm.replay().size(); age++) {
    const StoredTransition t = algorithm.replay().at(age);
    lived.emplace_back(t.observation, t.action, t.reward, t.next_observation, t.terminated);
  }
  std::sort(stored.begin(), stored.end());
  std::sort(lived.begin(), lived.end());
  EXPECT_TRUE(stored == lived);
}

TEST_F(KeptReplay, WhatIsUnderWayIsCut) {
  Options options = replay_options();
  options.steps = 250;
  const ReadData read = read_data(trained(options), specification_of(options));
  ASSERT_EQ(read.transitions.size(), 250u);
  EXPECT_TRUE(read.transitions[199].truncated);
  EXPECT_TRUE(read.transitions.back().truncated);
}

TEST_F(KeptReplay, AFolderOrACheckpointIsNamed) {
  const Specification specification = specification_of(replay_options());
  const std::string run = trained(replay_options());
  EXPECT_EQ(read_data(run, specification).transitions.size(), 400u);
  EXPECT_EQ(read_data(checkpoints_, specification).transitions.size(), 400u);
  const auto files = list_checkpoints(checkpoints_);
  const auto before = static_cast<std::size_t>(testing::step_of(files[1]));
  EXPECT_LT(before, 400u);
  EXPECT_EQ(read_data(files[1], specification).transitions.size(), before);
  EXPECT_THAT(data_error(run), HasSubstr("expected observations of 2 numbers and actions of 2, found 3 and 1"));

  fs::resize_file(files[0], 1'000);  // then the one before it
  EXPECT_EQ(read_data(run, specification).transitions.size(), before);
  fs::resize_file(files[1], 1'000);
  EXPECT_THAT(data_error(run, specification), HasSubstr("no checkpoint can be used"));
}

TEST_F(KeptReplay, ACheckpointThatDoesNotTellItsTaskIsRefused) {
  trained(replay_options());
  const fs::path file = list_checkpoints(checkpoints_).front();
  testing::rewrite(file, file, [](CheckpointFile& kept) { kept.metadata.erase("task"); });
  EXPECT_THAT(data_error(file, specification_of(replay_options())), HasSubstr("older ddpg"));
}

}  // namespace
}  // namespace ddpg
