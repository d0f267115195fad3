// An agent's file: what is loaded continues to the same bits, and no file does harm.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <fstream>
#include <limits>

#include "ddpg/agent.h"
#include "ddpg/error.h"
#include "fuzz/checkpoint_samples.h"
#include "policy/content.h"
#include "policy/format.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace ddpg {
namespace {

using ::testing::HasSubstr;

Options small_options() {
  Options options;
  options.actor.hidden = options.critic.hidden = {4, 3};
  options.batch_size = 4;
  options.replay_capacity = 50;  // wraps around
  options.warmup_steps = options.learning_starts = 10;
  return options;
}

Specification specification() {
  Specification task{"a robot of mine", 2, {-1.0f, 0.0f}, {1.0f, 3.0f}, 0};
  task.observation_names = {"angle", ""};
  task.control_period = 0.002;
  return task;
}

// TD3's additions, so that an update in the middle of a period is saved too.
Options td3_options() {
  Options options = small_options();
  options.critic.count = 2;
  options.actor.period = options.target.period = 2;
  options.target.noise = 0.2;
  options.target.noise_clip = 0.5;
  options.n_step = 2;
  options.replay.priority = Priority::lap;
  options.replay.floor = 1e-3;  // below the errors
  return options;
}

Options d4pg_options() {
  Options options = find_preset("d4pg").options;
  options.actor.hidden = options.critic.hidden = {4, 3};
  options.batch_size = 4;
  options.replay_capacity = 50;
  options.learning_starts = 10;
  options.replay.priority = Priority::per;
  return options;
}

// What TD7 and DR.Q add to the targets and to the priorities.
Options seen_range_options() {
  Options options = small_options();
  options.hard_update_interval = 7;
  options.target.clip_to_seen_range = true;
  options.replay.priority = Priority::fade;
  options.replay.decay = 0.9;
  return options;
}

Options td7_options() {
  Options options = find_preset("td7").options;
  options.actor.hidden = options.critic.hidden = {4, 3};
  options.encoder.hidden = {5};
  options.encoder.size = 3;
  options.batch_size = 4;
  options.replay_capacity = 50;
  options.hard_update_interval = 7;
  options.warmup_steps = options.learning_starts = 10;
  options.normalise_observations = true;
  options.assessment = {.episodes = 2, .early_episodes = 1, .early_updates = 20};
  return options;
}

// `steps` rounds from where the agent is, with episodes of seven steps, some of them cut.
void play(Agent& agent, int steps) {
  RandomStream random(static_cast<std::uint64_t>(agent.steps()));
  std::vector<float> action(2);
  for (int step = 0; step < steps; step++) {
    const std::vector<double> observation{random.normal(), random.normal()};
    for (int actor = 0; actor < agent.actors(); actor++) {
      if (!agent.in_episode(actor)) agent.begin_episode(actor, observation);
      agent.act(actor, action);
    }
    for (int actor = 0; actor < agent.actors(); actor++) {
      agent.observe(actor, action, {random.normal(), agent.steps() % 7 == 6, false}, observation);
      if (agent.steps() % 13 == 5 && agent.in_episode(actor)) agent.end_episode(actor);
    }
    agent.learn(1);
  }
}

std::string learnt(Agent& agent) {
  return fmt::format("{} {} {} {}", encode_policy(agent.policy().content()), agent.updates_due(), agent.updates(),
                     agent.value(std::vector<double>{0.1, 0.2}, std::vector<float>{0.3f, 0.4f}));
}

class AgentFile : public ::testing::Test {
 protected:
  // Saved and loaded it is the same, and stays so as it continues.
  void expect_same(Agent& agent) {
    agent.save(file_);
    Agent loaded = Agent::load(file_);
    loaded.save(again_);
    EXPECT_TRUE(read_file(file_) == read_file(again_));
    EXPECT_EQ(loaded.steps(), agent.steps());
    EXPECT_EQ(loaded.actors(), agent.actors());
    EXPECT_TRUE(loaded.options() == agent.options());
    EXPECT_EQ(loaded.specification().observation_names, agent.specification().observation_names);
    play(agent, 40);
    play(loaded, 40);
    EXPECT_TRUE(learnt(agent) == learnt(loaded));
  }

  testing::TemporaryFolder folder_;
  const std::string file_ = (folder_.path() / "x.agent").string(), again_ = (folder_.path() / "again.agent").string();
};

TEST_F(AgentFile, ALoadedAgentGoesOnToTheSameBits) {
  std::vector<Options> cases(3, small_options());
  for (const Options& options : {td3_options(), d4pg_options(), seen_range_options(), td7_options()})
    cases.push_back(options);
  cases[1].normalise_observations = true;
  cases[1].exploration.noise = Noise::ornstein_uhlenbeck;
  cases[1].updates_per_step = 1.5;  // learn(1) falls behind
  cases[2].actor.batch_norm = true;
  cases[2].threads = 2;
  for (const Options& options : cases)
    for (const int actors : {1, 3})
      for (const int steps : {0, 5, 101}) {
        if (actors > 1 && options.assessment.episodes > 0) continue;
        SCOPED_TRACE(fmt::format("case {}, {} actors, {} steps", &options - cases.data(), actors, steps));
        Agent agent(options, specification(), actors);
        play(agent, steps);
        expect_same(agent);
      }
}

TEST_F(AgentFile, WithAnActionUnderWayAndDataAdded) {
  Agent agent(small_options(), specification(), 2);
  const Transition first{{0, 1}, {0.5f, 1}, 1, {0, 2}, false, false}, next{{0, 2}, {0.5f, 1}, 1, {0, 3}, false, false};
  for (int i = 0; i < 5; i++) agent.add(std::vector{first, next});
  agent.update(7);
  play(agent, 15);
  std::vector<float> action(2);
  if (!agent.in_episode(1)) agent.begin_episode(1, std::vector<double>{0, 0});
  agent.act(1, action);
  agent.add(first);
  expect_same(agent);
}

TEST_F(AgentFile, WhatIsNoAgentIsRefused) {
  Agent agent(small_options(), specification());
  play(agent, 30);
  agent.save(file_);
  const std::string bytes = read_file(file_);
  const auto complaint = [&](const std::string& given) -> std::string {
    std::ofstream(again_, std::ios::binary) << given;
    try {
      Agent::load(again_);
    } catch (const Error& error) {
      EXPECT_EQ(dynamic_cast<const UsageError*>(&error), nullptr) << error.what();
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(complaint(bytes), "");
  EXPECT_THAT(complaint(""), HasSubstr(again_));
  EXPECT_THAT(complaint(bytes.substr(0, bytes.size() / 2)), HasSubstr(again_));
  for (std::size_t place = 0; place < bytes.size(); place += 1 + bytes.size() / 100) {
    std::string damaged = bytes;
    damaged[place] ^= 4;
    EXPECT_NE(complaint(damaged), "") << place;
  }
  EXPECT_THROW(Agent::load((folder_.path() / "none").string()), Error);
}

// Its options ask for networks that it is too short to hold: refused before there is memory for them.
TEST_F(AgentFile, NetworksThatAreNotInItAreRefused) {
  Agent agent(small_options(), specification());
  agent.save(file_);
  std::string bytes = read_file(file_);
  for (std::size_t at = 0; (at = bytes.find("[4, 3]", at)) != std::string::npos;) bytes.replace(at, 6, "[9999]");
  testing::repair_checksums(bytes);
  std::ofstream(again_, std::ios::binary) << bytes;
  EXPECT_THAT([&] { Agent::load(again_); }, ::testing::ThrowsMessage<Error>(HasSubstr("bytes of weights, and it has")));
}

// Any number another, its checksums repaired: refused with an Error, or the agent continues. Each takes two of the four
// kinds of number, since under a sanitizer a file takes a tenth of a second.
TEST_F(AgentFile, NoNumberInItDoesHarm) {
  Agent agent(td3_options(), specification(), 2);
  play(agent, 20);
  agent.save(file_);
  const std::string bytes = read_file(file_);
  const SafetensorsView view = read_safetensors(bytes, "x");
  int tried = 0, taken = 0;
  for (const TensorView& tensor : view.tensors) {
    if (tensor.name == "checksums" || tensor.bytes.empty()) continue;
    const auto begin = static_cast<std::size_t>(tensor.bytes.data() - bytes.data());
    using Two = std::array<std::uint64_t, 2>;
    for (const std::uint64_t pattern : tried % 4 == 0 ? Two{0, ~0ull} : Two{0x7f8000007f800000, 40}) {
      const std::size_t size = std::min<std::size_t>(size_of(tensor.dtype), tensor.bytes.size());
      std::string hostile = bytes;
      std::memcpy(hostile.data() + begin, &pattern, size);
      testing::repair_checksums(hostile);
      std::ofstream(again_, std::ios::binary) << hostile;
      tried++;
      try {
        Agent loaded = Agent::load(again_);
        play(loaded, 5);
        taken++;
      } catch (const Error&) {
      }
    }
  }
  EXPECT_GT(taken, tried / 10);
  EXPECT_LT(taken, tried);
}

}  // namespace
}  // namespace ddpg
