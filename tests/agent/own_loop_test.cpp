// The agent in a loop of the caller's own learns the bits of train().
#include <gtest/gtest.h>

#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "agent/small_options.h"
#include "ddpg/agent.h"
#include "ddpg/train.h"
#include "policy/content.h"
#include "policy/format.h"

namespace ddpg {
namespace {

using testing::pendulum_options;

// The loop of train(), written by hand.
Policy own_loop(const Options& options) {
  const auto environment = make_environment(options.environment);
  RandomStream random(options.seed, "environment", 0);
  Agent agent(options, environment->specification());
  std::vector<double> observation(static_cast<std::size_t>(agent.specification().observation_size));
  std::vector<float> action(static_cast<std::size_t>(agent.specification().action_size()));
  while (agent.steps() < options.steps) {
    if (!agent.in_episode(0)) {
      environment->reset(random, observation);
      agent.begin_episode(0, observation);
    }
    agent.act(0, action);
    const StepResult result = environment->step(action, observation);
    agent.observe(0, action, result, observation);
    if (result.terminated || result.truncated) {
      environment->reset(random, observation);
      agent.begin_episode(0, observation);
    }
    agent.learn();
  }
  return agent.policy();
}

// The same with as many environments as the options say, each asked alone or all at once.
Policy own_loop_of_many(const Options& options, bool at_once) {
  std::vector<std::unique_ptr<Environment>> environments;
  std::vector<RandomStream> random;
  std::vector<int> actors;
  for (int actor = 0; actor < options.environments; actor++) {
    environments.push_back(make_environment(options.environment));
    random.emplace_back(options.seed, "environment", static_cast<std::uint64_t>(actor));
    actors.push_back(actor);
  }
  Agent agent(options, environments[0]->specification(), options.environments);
  std::vector<double> observation(3);
  std::vector<float> actions(actors.size());
  const auto begin = [&](std::size_t i) {
    environments[i]->reset(random[i], observation);
    agent.begin_episode(actors[i], observation);
  };
  for (std::size_t i = 0; i < actors.size(); i++) begin(i);
  while (agent.steps() < options.steps) {
    if (at_once) agent.act(actors, actions);
    for (std::size_t i = 0; i < actors.size() && !at_once; i++) agent.act(actors[i], std::span(&actions[i], 1));
    for (std::size_t i = 0; i < actors.size(); i++) {
      const std::span<float> action(&actions[i], 1);
      const StepResult result = environments[i]->step(action, observation);
      agent.observe(actors[i], action, result, observation);
      if (result.truncated) begin(i);
    }
    agent.learn();
  }
  return agent.policy();
}

std::string file_of(const Policy& policy) {
  return encode_policy(policy.content());
}

TEST(OwnLoop, AnOwnLoopGivesThePolicyOfTrainToTheByte) {
  std::vector<Options> cases(4, pendulum_options());
  cases[1].normalise_observations = true;
  cases[1].exploration.noise = Noise::ornstein_uhlenbeck;
  cases[1].threads = 2;
  cases[2].updates_per_step = 0.3;
  cases[2].update_interval = 7;
  cases[2].actor.batch_norm = true;
  cases[3].preset = "lillicrap2015";
  cases[3].seed = 7;
  cases[3].environment = "MountainCarContinuous-v0";
  for (const Options& options : cases)
    EXPECT_TRUE(file_of(own_loop(options)) == file_of(train(options).policy)) << &options - cases.data();
}

TEST(OwnLoop, AnOwnLoopOverManyActorsDoesToo) {
  Options options = pendulum_options();
  options.environments = 3;
  options.normalise_observations = true;
  const std::string expected = file_of(train(options).policy);
  for (const bool at_once : {false, true})
    EXPECT_TRUE(file_of(own_loop_of_many(options, at_once)) == expected) << at_once;
}

TEST(OwnLoop, AgentsOnThreadsOfTheirOwnDoNotMeet) {
  std::vector<std::string> alone(3), beside(3);
  const auto run = [](std::size_t seed, std::string& result) {
    Options options = pendulum_options();
    options.seed = seed;
    result = file_of(own_loop(options));
  };
  for (std::size_t i = 0; i < 3; i++) run(i, alone[i]);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < 3; i++) threads.emplace_back([&, i] { run(i, beside[i]); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(alone == beside);
}

}  // namespace
}  // namespace ddpg
