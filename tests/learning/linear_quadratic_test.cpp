// Learning against the truth: on LinearQuadratic-v0 the optimal cost and Q are known from the Riccati equation.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "agent/algorithm.h"
#include "envs/classic/riccati.h"

namespace ddpg {
namespace {

struct Comparison {
  double cost_ratio = 0;  // discounted cost of the policy over the optimal one, same starting states
  double q_error = 0;     // sum |Q - Q*| over sum |Q*| along the policy's states, with the actions that it takes
};

Comparison compare(Algorithm& algorithm, double discount) {
  constexpr LinearSystem system = LinearQuadratic::system();
  const LinearPolicy optimal = solve_riccati(system, discount);
  Policy policy = algorithm.policy({});
  RandomStream random(7, "starting states");
  double cost = 0, least = 0, error = 0, truth = 0;
  for (int episode = 0; episode < 100; episode++) {
    const Vector2 range = LinearQuadratic::start_range();
    Vector2 x{random.uniform(-range[0], range[0]), random.uniform(-range[1], range[1])};
    least -= optimal.value(x);
    double weight = 1;
    for (int t = 0; t < 1500; t++) {  // to where the discount leaves nothing
      float action = 0;
      policy.act(x, {&action, 1});
      const double u = action;
      if (t < 100) {  // the length of its episodes
        const double q = action_value(system, optimal, discount, x, u);
        error += std::fabs(algorithm.value(x, {&action, 1}) - q);
        truth += std::fabs(q);
      }
      for (std::size_t i = 0; i < 2; i++)
        for (std::size_t j = 0; j < 2; j++) cost += weight * x[i] * system.q[i][j] * x[j];
      cost += weight * system.r * u * u;
      x = {system.a[0][0] * x[0] + system.a[0][1] * x[1] + system.b[0] * u,
           system.a[1][0] * x[0] + system.a[1][1] * x[1] + system.b[1] * u};
      weight *= discount;
    }
  }
  return {cost / least, error / truth};
}

class LinearQuadraticLearning : public testing::TestWithParam<std::uint64_t> {};

TEST_P(LinearQuadraticLearning, ReachesTheOptimalCostAndTheTrueQ) {
  Options options = find_preset("default").options;
  options.environment = "LinearQuadratic-v0";
  options.steps = find_environment(options.environment).suggested_steps;
  options.seed = GetParam();
  options.discount = 0.97;  // at 0.99 the level of Q is still on its way after 20,000 updates (docs/results.md)
  Algorithm algorithm(options, make_environment(options.environment));
  while (algorithm.steps() < options.steps) algorithm.step();
  const Comparison found = compare(algorithm, options.discount);
  std::printf("seed %d: cost %.4f of the optimal one, Q off by %.2f %%\n", static_cast<int>(options.seed),
              found.cost_ratio, 100 * found.q_error);
  EXPECT_LE(found.cost_ratio, 1.02);
  EXPECT_GE(found.cost_ratio, 1.0);  // nothing is better than the optimum
  EXPECT_LE(found.q_error, 0.05);
}

INSTANTIATE_TEST_SUITE_P(FiveSeeds, LinearQuadraticLearning, testing::Range<std::uint64_t>(5, 10));

}  // namespace
}  // namespace ddpg
