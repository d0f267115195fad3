// Data that a training starts from; and a training that was cut is resumed without the files that it started from.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/test_environments.h"
#include "ddpg/agent.h"
#include "options/option_samples.h"
#include "run/beginnings.h"

namespace ddpg {
namespace {

using testing::Beginnings;
using testing::bytes;
using testing::error_of;
using ::testing::HasSubstr;
using testing::kept;
using testing::small;
using testing::Watcher;

TEST_F(Beginnings, DataAreInTheReplayBeforeTheFirstStep) {
  Options options = small();
  options.data = {log()};
  Watcher watcher;
  const std::string trained_on = bytes(trained(options, "run", &watcher));
  EXPECT_THAT(watcher.sources, HasSubstr("\"transitions\": 600"));
  EXPECT_EQ(watcher.warning, "");
  EXPECT_EQ(kept(at("run")).at("rows of reward").size(), (600u + 299) * 4);  // the last step still waits
  EXPECT_TRUE(bytes(train(options).policy) == trained_on);
  EXPECT_FALSE(bytes(train(small()).policy) == trained_on);

  // by hand
  options.steps = 100;
  const auto environment = make_environment(options.environment);
  Options plain = options;
  plain.data.clear();
  Agent given(options, environment->specification()), added(plain, environment->specification());
  read_transitions(options.data[0], added.specification(), [&](const Transition& t) { added.add(t); });
  for (Agent* agent : {&given, &added}) {
    RandomStream random(options.seed, "environment", 0);
    std::vector<double> observation(3);
    float action = 0;
    environment->reset(random, observation);
    agent->begin_episode(0, observation);
    while (agent->steps() < 100) {
      agent->act(0, std::span(&action, 1));
      agent->observe(0, std::span(&action, 1), environment->step(std::span(&action, 1), observation), observation);
      agent->learn();
    }
  }
  const std::string expected = bytes(train(options).policy);
  EXPECT_TRUE(bytes(given.policy()) == expected);
  EXPECT_TRUE(bytes(added.policy()) == expected);
}

TEST_F(Beginnings, OfMoreDataThanThereIsRoomForTheNewestStay) {
  Options options = small();
  options.replay_capacity = 400;
  options.steps = 50;
  options.data = {log()};
  Watcher watcher;
  trained(options, "run", &watcher);
  EXPECT_THAT(watcher.warning, HasSubstr("there are 600 transitions to start from, and the replay buffer holds 400"));
  const std::string text = "s0,s1,s2,a,r,next_s0,next_s1,next_s2,terminated\n1,0,0,2000,0,1,0,0,0\n";
  options.data = {folder_.write("units.csv", text)};
  trained(options, "units", &watcher);
  EXPECT_THAT(watcher.warning, HasSubstr("1 of 1 actions in"));
  EXPECT_THAT(watcher.warning, HasSubstr("other units?"));
  const Specification specification = make_environment(options.environment)->specification();
  EXPECT_EQ(Agent(options, specification).warning(), watcher.warning);
  EXPECT_EQ(Agent(small(), specification).warning(), "");
  options.data = {folder_.write("wrong.csv", text + "1,0,0,2,x,1,0,0,0\n")};
  EXPECT_THAT(error_of([&] { trained(options, "wrong", &watcher); }), HasSubstr("wrong.csv:3] column 5"));
}

TEST_F(Beginnings, ATrainingThatWasCutGoesOnWithoutItsFiles) {
  trained(small(), "first/checkpoints");
  Options options = small();
  options.initial_run = at("first");
  options.keep_replay = true;
  options.data = {log()};
  options.seed = 3;
  for (const int stop_at : {0, 50, 180}) expect_same_without_its_files(options, {at("first"), at("log.csv")}, stop_at);
}

TEST_F(Beginnings, UpdatesOnTheDataComeBeforeTheFirstStep) {
  Options options = small();
  options.data = {log()};
  options.offline_updates = 60;
  options.steps = 1;
  const TrainingResult result = train(options);
  EXPECT_EQ(result.summary.updates, 60);
  Agent agent(options, make_environment(options.environment)->specification());  // whose caller makes them
  EXPECT_EQ(agent.updates(), 0);
  agent.update(60);
  EXPECT_EQ(agent.policy().content().tensors, result.policy.content().tensors);

  options.steps = 300;
  for (const int stop_at : {0, 50}) expect_same_without_its_files(options, {at("log.csv")}, stop_at);
  options.replay_capacity = 1'000;
  options.batch_size = 700;
  EXPECT_THAT(error_of([&] { train(options); }), HasSubstr("batch_size = 700 transitions, and the data 600"));
  options.data.clear();
  EXPECT_THAT(error_of([&] { train(options); }), HasSubstr("offline_updates = 60 must not stand without data"));
}

// An environment that does not offer its state begins a new episode where it is resumed, but not before its first step.
TEST_F(Beginnings, SoDoesOneWhoseEnvironmentDoesNotOfferItsState) {
  register_environment({.name = "BeginningPoint-v0",
                        .make = [](const EnvironmentSettings&) { return testing::scripted(testing::point()); }});
  Options options = small();
  options.environment = "BeginningPoint-v0";
  options.normalise_observations = true;
  options.data = {folder_.write("p.csv", "s,a,r,next_s,terminated\n0.5,1,0,0.7,0\n0.7,1,0,0.9,1\n")};
  expect_same_without_its_files(options, {options.data[0]}, 0);
}

}  // namespace
}  // namespace ddpg
