// That it learns what is known to be true: values of two states, and the optimum of a linear system.
#include <gtest/gtest.h>

#include <cmath>

#include "agent/algorithm.h"
#include "agent/test_environments.h"
#include "envs/classic/riccati.h"
#include "run/evaluation.h"

namespace ddpg {
namespace {

using testing::Script;
using testing::scripted;

constexpr double kDiscount = 0.5;

// State 0 pays 1 and leads to state 1, which pays 3 and ends the episode, staying where it is. The action does nothing.
Script two_states(bool terminates) {
  return {.specification = {"two states", 1, {-1.0f}, {1.0f}, 0},
          .reset = [](RandomStream&, std::span<double> observation) { observation[0] = 0; },
          .step =
              [terminates](int step, std::span<const float>, std::span<double> observation) {
                observation[0] = 1;
                return step == 0 ? StepResult{1, false, false} : StepResult{3, terminates, !terminates};
              }};
}

// Q of state 0 and of state 1 after a short training.
std::pair<double, double> learned_values(const Script& script) {
  Options options;
  options.discount = kDiscount;
  options.actor.hidden = options.critic.hidden = {16, 16};
  options.critic.learning_rate = 3e-3;
  options.tau = 0.05;
  options.batch_size = 32;
  options.replay_capacity = 1'000;
  options.warmup_steps = 200;
  options.learning_starts = 100;
  Algorithm algorithm(options, scripted(script));
  while (algorithm.steps() < 1'500) algorithm.step();
  const std::vector<float> action{0};
  return {algorithm.value(std::vector<double>{0}, action), algorithm.value(std::vector<double>{1}, action)};
}

TEST(Learning, DoesNotBootstrapThroughTermination) {
  const auto [q0, q1] = learned_values(two_states(true));
  EXPECT_NEAR(q1, 3, 0.05);
  EXPECT_NEAR(q0, 1 + kDiscount * 3, 0.05);
}

// The true last observation is state 1 again, so that Q(1) = 3 + Q(1) / 2; from the next episode's first it would
// be 4.67.
TEST(Learning, BootstrapsThroughTruncationFromTheTrueLastObservation) {
  const auto [q0, q1] = learned_values(two_states(false));
  EXPECT_NEAR(q1, 6, 0.1);
  EXPECT_NEAR(q0, 1 + kDiscount * 6, 0.1);
}

// Near-perfect is -147, a random policy gets about -1,200.
TEST(Learning, SwingsUpAPendulumFromEightEnvironments) {
  for (const bool overlap : {false, true}) {
    Options options;
    options.environments = 8;
    options.overlap = overlap;
    options.warmup_steps = options.learning_starts = 500;
    options.batch_size = 64;
    VectorEnvironment::Copies copies;
    for (int i = 0; i < options.environments; i++) copies.push_back(make_environment("Pendulum-v1"));
    Algorithm algorithm(options, std::move(copies));
    while (algorithm.steps() < 6'000) algorithm.step();
    Policy policy = algorithm.policy({});
    EXPECT_GT(evaluate(policy, *make_environment("Pendulum-v1"), 30, 0).mean_return, -250) << "overlap " << overlap;
  }
}

// What the Riccati equation knows against what a short training finds; docs/results.md has the long ones.
TEST(Learning, ComesNearTheOptimumOfALinearSystem) {
  Options options;
  options.environment = "LinearQuadratic-v0";
  options.actor.hidden = options.critic.hidden = {32, 32};
  options.actor.learning_rate = 1e-3;
  options.critic.learning_rate = 2e-3;
  options.batch_size = 32;
  options.replay_capacity = 10'000;
  options.warmup_steps = options.learning_starts = 500;
  options.exploration.noise = Noise::gaussian;
  options.exploration.sigma = 0.3;
  options.tau = 0.02;
  Algorithm algorithm(options, make_environment(options.environment));
  while (algorithm.steps() < 3'000) algorithm.step();

  constexpr int kEpisodes = 30;
  const auto environment = make_environment(options.environment);
  Policy policy = algorithm.policy({});
  const double found = evaluate(policy, *environment, kEpisodes, 0).mean_return;

  // the optimal policy from the same starting states
  const LinearPolicy optimum = solve_riccati(LinearQuadratic::system(), options.discount);
  RandomStream random(0, "evaluation");
  std::vector<double> state(2);
  std::vector<float> action(1);
  double best = 0, truth = 0, error = 0;
  for (int episode = 0; episode < kEpisodes; episode++) {
    environment->reset(random, state);
    policy.act(state, action);
    const double q =
        action_value(LinearQuadratic::system(), optimum, options.discount, {state[0], state[1]}, action[0]);
    truth += std::fabs(q);
    error += std::fabs(q - algorithm.value(state, action));
    for (StepResult result; !result.truncated; best += result.reward / kEpisodes) {
      action[0] = static_cast<float>(optimum.action({state[0], state[1]}));
      result = environment->step(action, state);
    }
  }
  EXPECT_GT(found, 1.1 * best) << "the optimum is " << best;  // both negative
  EXPECT_LT(error / truth, 0.15);
}

}  // namespace
}  // namespace ddpg
