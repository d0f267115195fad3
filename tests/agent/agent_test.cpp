// The agent in a loop of the caller's own (own_loop_test.cpp has the bits): wrong use is refused and changes nothing,
// and what it learns from, and when, is as asked.
#include "ddpg/agent.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "agent/small_options.h"
#include "agent/test_environments.h"
#include "ddpg/error.h"
#include "ddpg/train.h"
#include "policy/content.h"
#include "policy/format.h"

namespace ddpg {
namespace {

using ::testing::HasSubstr;
using testing::pendulum_options;

std::string bytes(const Policy& policy) {
  return encode_policy(policy.content());
}

Specification own_task() {
  return {"test", 2, {-1.0f, 0.0f}, {1.0f, 3.0f}, 0};
}

// Actor 0 plays, actor 1 does not; some updates are done.
Agent played(Options options = pendulum_options()) {
  options.environment = "";
  options.warmup_steps = options.learning_starts = 5;
  Agent agent(options, own_task(), 2);
  RandomStream random(1);
  std::vector<float> action(2);
  for (int step = 0; step < 30; step++) {
    std::vector<double> observation{random.normal(), random.normal()};
    if (!agent.in_episode(0)) agent.begin_episode(0, observation);
    agent.act(0, action);
    agent.observe(0, action, {.reward = random.normal(), .terminated = step % 9 == 8}, observation);
    agent.learn();
  }
  return agent;
}

// What the agent does from here on.
std::string goes_on(Agent& agent) {
  std::vector<float> action(2);
  for (int step = 0; step < 20; step++) {
    if (!agent.in_episode(0)) agent.begin_episode(0, std::vector<double>{0.1, 0.2});
    agent.act(0, action);
    agent.observe(0, action, {.reward = 1, .terminated = step == 9}, std::vector<double>{0.1 * step, 0.3});
    agent.learn();
  }
  return bytes(agent.policy());
}

struct WrongUse {
  std::function<void(Agent&)> call;
  std::string text;
};

TEST(Agent, WrongUseIsRefusedAndChangesNothing) {
  using Numbers = std::vector<double>;
  using Action = std::vector<float>;
  const double nan = std::nan("");
  const Numbers s{0, 0};
  static Action a(2), four(4);
  const std::vector<int> twice{0, 0}, other{0, 1};
  const Transition good{s, a, 0, s, false, false};
  const auto with = [&](auto change) {
    Transition changed = good;
    change(changed);
    return changed;
  };
  const std::vector<WrongUse> cases = {
      {[&](Agent& x) { x.begin_episode(2, s); }, "begin_episode: actor 2: expected a number from 0 to 1"},
      {[&](Agent& x) { x.begin_episode(-1, s); }, "actor -1"},
      {[&](Agent& x) { x.begin_episode(0, s); }, "actor 0 has an episode under way"},
      {[&](Agent& x) { x.begin_episode(1, Numbers{1}); }, "expected 2 numbers as observation, found 1"},
      {[&](Agent& x) {
         x.begin_episode(1, Numbers{0, nan});
       },
       "observation[1] is nan"},
      {[&](Agent& x) {
         x.begin_episode(1, Numbers{1e39, 0});
       },
       "observation[0] is 1e+39"},
      {[&](Agent& x) { x.act(1, a); }, "act: actor 1 has no episode under way; call begin_episode(1, ...) first"},
      {[&](Agent& x) { x.act(7, a); }, "actor 7"},
      {[&](Agent& x) { x.act(0, four); }, "expected room for 2 numbers"},
      {[&](Agent& x) { x.act(twice, four); }, "actor 0 is named twice"},
      {[&](Agent& x) { x.act(other, four); }, "actor 1 has no episode"},
      {[&](Agent& x) { x.observe(1, a, {}, s); }, "observe: actor 1 has no episode under way"},
      {[&](Agent& x) { x.observe(0, four, {}, s); }, "expected 2 numbers as action, found 4"},
      {[&](Agent& x) {
         x.observe(0, Action{0, HUGE_VALF}, {}, s);
       },
       "action[1] is inf"},
      {[&](Agent& x) { x.observe(0, a, {.reward = nan}, s); }, "the reward is nan"},
      {[&](Agent& x) { x.observe(0, a, {.reward = 1e39}, s); }, "the reward is 1e+39"},
      {[&](Agent& x) { x.observe(0, a, {}, Numbers{}); }, "expected 2 numbers as next_observation, found 0"},
      {[&](Agent& x) {
         x.observe(0, a, {}, Numbers{0, -HUGE_VAL});
       },
       "next_observation[1] is -inf"},
      {[&](Agent& x) { x.end_episode(1); }, "end_episode: actor 1 has no episode"},
      {[&](Agent& x) { x.learn(-1); }, "learn: expected a number of updates >= 0, found -1"},
      {[&](Agent& x) { x.update(-2); }, "update: expected a number of updates >= 0, found -2"},
      {[&](Agent& x) { x.value(Numbers{1}, a); }, "value: expected 2 numbers as observation"},
      {[&](Agent& x) { x.value(s, Action{1}); }, "value: expected 2 numbers as action"},
      {[&](Agent& x) { x.add(with([](Transition& t) { t.action.clear(); })); }, "add: expected 2 numbers as action"},
      {[&](Agent& x) { x.add(with([&](Transition& t) { t.reward = nan; })); }, "add: the reward is nan"},
      {[&](Agent& x) {
         x.add(std::vector{good, with([&](Transition& t) { t.next_observation[0] = nan; })});
       },
       "add, transition 1: next_observation[0] is nan"},
      {[&](Agent& x) { (void)x.in_episode(2); }, "in_episode: actor 2"},
  };
  Agent undisturbed = played();
  const std::string expected = goes_on(undisturbed);
  Agent agent = played();
  ASSERT_TRUE(agent.in_episode(0));
  for (const WrongUse& wrong : cases) {
    try {
      wrong.call(agent);
      ADD_FAILURE() << "taken: " << wrong.text;
    } catch (const UsageError& error) {
      EXPECT_THAT(error.what(), HasSubstr(wrong.text));
      EXPECT_THAT(error.what(), HasSubstr("[agent] "));
    }
  }
  EXPECT_TRUE(goes_on(agent) == expected);
}

// As train() does: what a world says when it breaks down is not looked at.
TEST(Agent, AWorldThatBreaksDownMaySayAnything) {
  using Numbers = std::vector<double>;
  Agent agent(pendulum_options(), own_task());
  const std::vector<float> a{0, 1};
  const double nan = std::nan("");
  agent.begin_episode(0, Numbers{0, 0});
  agent.observe(0, a, {.reward = 1}, Numbers{0, 1});
  agent.observe(0, a, {.reward = nan, .truncated = true, .broke_down = true}, Numbers{nan, 0});
  EXPECT_FALSE(agent.in_episode(0));
  EXPECT_EQ(agent.steps(), 1);
  EXPECT_EQ(agent.transitions(), 1);
}

TEST(Agent, IsNotMadeOfWhatCannotBe) {
  const auto complaint = [](const auto& change, int actors = 1) -> std::string {
    Options options = pendulum_options();
    options.environment = "a robot of mine";
    Specification given = own_task();
    change(options, given);
    try {
      Agent agent(options, given, actors);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(complaint([](Options&, Specification&) {}), "");
  EXPECT_THAT(complaint([](Options& o, Specification& s) {
                o.discount = 2;
                o.batch_size = 0;
                s.action_low = {3, 3};
              }),
              ::testing::AllOf(HasSubstr("discount = 2"), HasSubstr("batch_size = 0"), HasSubstr("low < high")));
  EXPECT_THAT(complaint([](Options&, Specification& s) { s.observation_size = 0; }), HasSubstr("observation_size"));
  for (const int actors : {0, -1, 5'000})
    EXPECT_THAT(complaint([](Options&, Specification&) {}, actors), HasSubstr("actors = "));
}

TEST(Agent, ObservesSeveralActorsAsOneByOneAndWhereOneIsWrongNone) {
  Agent one = played(), many = played();
  const std::vector<int> actors{1, 0};
  const std::vector<float> actions{0.5f, 1, -0.5f, 2};
  const std::vector<StepResult> results{{.reward = 1}, {.reward = 2}};
  const std::vector<double> next{0.1, 0.2, 0.3, 0.4};
  for (Agent* agent : {&one, &many}) agent->begin_episode(1, std::vector<double>{0, 0});
  const auto is_refused = [&](std::vector<float> a, std::vector<StepResult> r, std::vector<double> s) {
    EXPECT_THROW(many.observe(actors, a, r, s), UsageError);
  };
  is_refused({0.5f, 1, -0.5f, HUGE_VALF}, results, next);
  is_refused(actions, {{.reward = 1}, {.reward = std::nan("")}}, next);
  is_refused(actions, results, {0.1, 0.2, 0.3, HUGE_VAL});
  is_refused({0.5f, 1}, results, next);
  is_refused(actions, {{.reward = 1}}, next);
  is_refused(actions, results, {0.1, 0.2});
  EXPECT_THROW(many.observe(std::vector<int>{0, 0}, actions, results, next), UsageError);
  EXPECT_EQ(many.steps(), one.steps());
  one.observe(1, std::span(actions).first(2), results[0], std::span(next).first(2));
  one.observe(0, std::span(actions).last(2), results[1], std::span(next).last(2));
  many.observe(actors, actions, results, next);
  EXPECT_TRUE(goes_on(many) == goes_on(one));
}

TEST(Agent, LearnsAtMostAsMuchAsItIsTold) {
  Options options = pendulum_options();
  options.learning_starts = 0;
  options.updates_per_step = 2;
  Agent agent(options, own_task());
  const std::vector<double> s{0, 0};
  const std::vector<float> a{0, 1};
  agent.begin_episode(0, s);
  for (int step = 0; step < 10; step++) agent.observe(0, a, {}, s);
  EXPECT_EQ(agent.updates_due(), 14);  // a batch of 4 is awaited
  EXPECT_EQ(agent.learn(0), 0);
  EXPECT_EQ(agent.learn(5), 5);
  EXPECT_EQ(agent.updates_due(), 9);
  EXPECT_EQ(agent.updates(), 5);
  agent.update(3);  // beside what is due
  EXPECT_EQ(agent.updates(), 8);
  EXPECT_EQ(agent.updates_due(), 9);
  EXPECT_EQ(agent.learn(100), 9);
  EXPECT_EQ(agent.learn(), 0);
  EXPECT_EQ(agent.steps(), 10);
}

TEST(Agent, WhatIsAddedCountsNoStepAndMakesNothingDue) {
  Agent agent(pendulum_options(), own_task());
  const Transition t{{0, 0}, {0, 1}, 1, {0, 1}, false, false};
  EXPECT_THROW(agent.update(), UsageError);  // nothing to draw from
  for (int i = 0; i < 100; i++) agent.add(t);
  EXPECT_EQ(agent.steps(), 0);
  EXPECT_EQ(agent.updates_due(), 0);
  EXPECT_EQ(agent.transitions(), 100);
  EXPECT_EQ(agent.learn(), 0);
}

// The values of two states are known (learning_test.cpp); here from transitions alone, given in any order.
TEST(Agent, LearnsFromADataSetAlone) {
  Options options = pendulum_options();
  options.discount = 0.5;
  options.tau = 0.05;
  options.batch_size = 32;
  options.critic.learning_rate = 3e-3;
  options.actor.hidden = options.critic.hidden = {16, 16};
  Agent agent(options, {"two states", 1, {-1.0f}, {1.0f}, 0});
  RandomStream random(0);
  std::vector<Transition> data;
  for (int i = 0; i < 200; i++) {
    const float action = static_cast<float>(random.uniform(-1, 1));
    data.push_back(i % 2 == 0 ? Transition{{0}, {action}, 1, {1}, false, false}
                              : Transition{{1}, {action}, 3, {1}, false, true});
  }
  for (std::size_t i = 0; i < data.size(); i++) std::swap(data[i], data[random.below(data.size())]);
  agent.add(data);
  agent.update(1'500);
  EXPECT_NEAR(agent.value(std::vector<double>{1}, std::vector<float>{0}), 6, 0.1);
  EXPECT_NEAR(agent.value(std::vector<double>{0}, std::vector<float>{0}), 1 + 0.5 * 6, 0.1);
}

}  // namespace
}  // namespace ddpg
