// What a step may touch and what not, and that neither threads nor kernels change a bit. The numbers:
// update_golden_test.cpp.
#include "agent/actor_critic.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "agent/learning_rule.h"

namespace ddpg {
namespace {

Specification specification() {
  return {"test", 3, {-1.0f, -2.0f}, {1.0f, 4.0f}, 0};
}

Options rule_options() {
  Options options;
  options.actor.hidden = options.critic.hidden = {20, 10};
  options.batch_size = 16;
  options.tau = 0.25;
  options.actor.final_init = options.critic.final_init = 0;
  return options;
}

void fill_normal(RandomStream& random, Panels to) {
  for (int r = 0; r < to.rows; r++)
    for (int c = 0; c < to.width; c++) to.at(r, c) = static_cast<float>(random.normal());
}

Minibatch make_minibatch(const Options& options, std::uint64_t seed) {
  Minibatch minibatch(options.batch_size, 3, 2);
  RandomStream random(seed, "minibatch");
  for (PanelMatrix* matrix : {&minibatch.observation, &minibatch.action, &minibatch.next_observation})
    fill_normal(random, matrix->view());
  for (float& reward : minibatch.reward) reward = static_cast<float>(random.normal());
  for (float& discount : minibatch.discount)
    discount = random.uniform() < 0.2 ? 0.0f : static_cast<float>(options.discount);
  return minibatch;
}

// The steps of plain DDPG, one by one. What they make together: Learner.
struct FullSteps {
  explicit FullSteps(const Options& options, Compute compute = {})
      : rule(options),
        random(options.seed, "initialisation"),
        networks(options, specification(), rule.head->outputs(), random, compute),
        y(options.batch_size, 1),
        errors(static_cast<std::size_t>(options.batch_size)) {}

  void make_targets(const Minibatch& minibatch) {
    turn = rule.schedule->turn(++updates);
    rule.target->compute(minibatch, networks, *rule.head, random, y.view());
  }
  void update_critics(const Minibatch& minibatch) {
    make_targets(minibatch);
    networks.update_critics(minibatch, y.view(), *rule.head, turn, errors, measures);
  }
  void update_actor(const Minibatch& minibatch) { networks.update_actor(minibatch, *rule.head, turn, measures); }

  LearningRule rule;
  RandomStream random;
  ActorCritic networks;
  PanelMatrix y;
  std::vector<float> errors;
  Measures measures;
  Turn turn;
  std::int64_t updates = 0;
};

void update(FullSteps& steps, const Minibatch& minibatch) {
  steps.update_critics(minibatch);
  steps.update_actor(minibatch);
  steps.networks.update_targets(steps.turn);
}

std::vector<float> parameters(const Weights& weights) {
  return {weights.parameters.begin(), weights.parameters.end()};
}

std::vector<float> statistics(const Weights& weights) {
  return {weights.statistics.begin(), weights.statistics.end()};
}

TEST(ActorCritic, TargetsBeginAsExactCopies) {
  Options options = rule_options();
  options.actor.batch_norm = options.critic.batch_norm = true;
  options.critic.action_layer = 2;
  const FullSteps steps(options);
  const ActorCritic& networks = steps.networks;
  for (const Learned* learned : {&networks.actor, &networks.critic()}) {
    EXPECT_EQ(parameters(learned->target), parameters(learned->weights));
    EXPECT_EQ(statistics(learned->target), statistics(learned->weights));
  }
}

TEST(ActorCritic, EachStepMovesItsOwnNetworkAlone) {
  Options options = rule_options();
  options.actor.batch_norm = options.critic.batch_norm = true;
  options.critic.action_layer = 2;
  FullSteps steps(options);
  ActorCritic& networks = steps.networks;
  const Minibatch minibatch = make_minibatch(options, 0);
  const auto all = [](const Learned& learned) {
    return std::vector{parameters(learned.weights), statistics(learned.weights), parameters(learned.target)};
  };

  const auto actor_before = all(networks.actor), critic_before = all(networks.critic());
  steps.update_critics(minibatch);
  EXPECT_EQ(all(networks.actor), actor_before);
  const auto critic_after = all(networks.critic());
  for (std::size_t i = 0; i < critic_after.size(); i++) EXPECT_NE(critic_after[i], critic_before[i]);

  steps.update_actor(minibatch);
  EXPECT_EQ(all(networks.critic()), critic_after);  // the running statistics too
  const auto actor_after = all(networks.actor);
  for (std::size_t i = 0; i < actor_after.size(); i++) EXPECT_NE(actor_after[i], actor_before[i]);
}

TEST(ActorCritic, TargetsFollowByPolyakAveraging) {
  const Options options = rule_options();
  FullSteps steps(options);
  ActorCritic& networks = steps.networks;
  for (std::uint64_t i = 0; i < 5; i++) {
    const auto actor_before = parameters(networks.actor.target), critic_before = parameters(networks.critic().target);
    update(steps, make_minibatch(options, i));
    for (const Learned* learned : {&networks.actor, &networks.critic()}) {
      const auto& before = learned == &networks.actor ? actor_before : critic_before;
      for (std::size_t k = 0; k < before.size(); k++)
        ASSERT_NEAR(learned->target.parameters[k], 0.25 * learned->weights.parameters[k] + 0.75 * before[k], 1e-7);
    }
  }
}

TEST(ActorCritic, TauOfZeroAndOne) {
  for (const double tau : {0.0, 1.0}) {
    Options options = rule_options();
    options.tau = tau;
    FullSteps steps(options);
    ActorCritic& networks = steps.networks;
    const auto initial = parameters(networks.critic().weights);
    update(steps, make_minibatch(options, 0));
    EXPECT_NE(parameters(networks.critic().weights), initial);
    EXPECT_EQ(parameters(networks.critic().target), tau == 0 ? initial : parameters(networks.critic().weights));
  }
}

TEST(ActorCritic, HardCopiesComeEverySoManyUpdatesAndNothingBetween) {
  Options options = rule_options();
  options.hard_update_interval = 3;
  options.actor.batch_norm = options.critic.batch_norm = true;
  options.critic.action_layer = 2;
  FullSteps steps(options);
  ActorCritic& networks = steps.networks;
  for (std::uint64_t i = 1; i <= 9; i++) {
    const auto actor_before = parameters(networks.actor.target), critic_before = parameters(networks.critic().target);
    update(steps, make_minibatch(options, i));
    const bool copied = i % 3 == 0;
    EXPECT_EQ(parameters(networks.actor.target), copied ? parameters(networks.actor.weights) : actor_before);
    EXPECT_EQ(parameters(networks.critic().target), copied ? parameters(networks.critic().weights) : critic_before);
    EXPECT_EQ(statistics(networks.actor.target), statistics(networks.actor.weights));
    EXPECT_EQ(statistics(networks.critic().target), statistics(networks.critic().weights));
  }
}

TEST(ActorCritic, BootstrapsUnlessTerminated) {
  Options options = rule_options();
  options.discount = 0.5;
  FullSteps steps(options);
  ActorCritic& networks = steps.networks;
  Minibatch minibatch = make_minibatch(options, 0);
  std::ranges::fill(minibatch.discount, 0.0f);
  steps.make_targets(minibatch);
  for (std::size_t i = 0; i < minibatch.reward.size(); i++)
    EXPECT_EQ(steps.y.view().at(static_cast<int>(i), 0), minibatch.reward[i]);

  std::ranges::fill(minibatch.discount, 0.5f);
  steps.make_targets(minibatch);
  Mu mu(options, specification(), options.batch_size);
  Trace critic_trace(networks.critic().network, options.batch_size, false);
  const ConstPanels u = mu(Compute(), networks.policy_weights(), minibatch.next_observation.view());
  const ConstPanels q = networks.value(0, {minibatch.next_observation.view(), u}, critic_trace);
  for (std::size_t i = 0; i < minibatch.reward.size(); i++)  // the targets are copies still
    EXPECT_FLOAT_EQ(steps.y.view().at(static_cast<int>(i), 0),
                    minibatch.reward[i] + 0.5f * q.at(static_cast<int>(i), 0));
}

TEST(ActorCritic, TellsTheShareOfSaturatedActions) {
  const Options options = rule_options();
  FullSteps steps(options);
  ActorCritic& networks = steps.networks;
  const DenseLayout& last = networks.actor.network.layers().back();
  networks.actor.weights.parameters[last.bias] = 100.0f;  // the first of two components
  steps.update_actor(make_minibatch(options, 0));
  EXPECT_EQ(steps.measures.newest(&Progress::saturated_share), 0.5);
}

// Wide enough that every part of an update is worth sharing between threads.
TEST(ActorCritic, ThreadsAndKernelsDoNotChangeABit) {
  for (const int norm : {0, 1, 2}) {
    Options options = rule_options();
    options.actor.hidden = options.critic.hidden = {240, 96};
    options.batch_size = 850;
    options.actor.batch_norm = options.critic.batch_norm = norm == 1;
    options.actor.layer_norm = options.critic.layer_norm = norm == 2;
    options.critic.action_layer = 2;
    options.critic.gradient_clip = 0.5;
    const Minibatch minibatch = make_minibatch(options, 0);
    const auto run = [&](Compute compute) {
      FullSteps steps(options, compute);
      ActorCritic& networks = steps.networks;
      update(steps, minibatch);
      return std::vector{parameters(networks.actor.weights), parameters(networks.actor.target),
                         parameters(networks.critic().weights), parameters(networks.critic().target),
                         statistics(networks.critic().weights)};
    };
    const auto alone = run({&best_kernels(), nullptr});
    for (const int threads : {2, 3}) {
      ThreadPool pool(threads);
      EXPECT_TRUE(run({&best_kernels(), &pool}) == alone) << threads << " threads, norm " << norm;
    }
  }
}

}  // namespace
}  // namespace ddpg
