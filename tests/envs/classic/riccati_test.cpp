// The Riccati solution is the fixed point, its value is what simulation gives, and no other gain is better.
#include "envs/classic/riccati.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ddpg/error.h"

namespace ddpg {
namespace {

constexpr double kDiscounts[] = {0.5, 0.9, 0.98, 0.99, 1.0};

Vector2 advance(const LinearSystem& system, const Vector2& x, double u) {
  return {system.a[0][0] * x[0] + system.a[0][1] * x[1] + system.b[0] * u,
          system.a[1][0] * x[0] + system.a[1][1] * x[1] + system.b[1] * u};
}

double cost(const LinearSystem& system, const Vector2& x, double u) {
  return system.q[0][0] * x[0] * x[0] + 2 * system.q[0][1] * x[0] * x[1] + system.q[1][1] * x[1] * x[1] +
         system.r * u * u;
}

double simulated_value(const LinearSystem& system, const LinearPolicy& policy, double discount, Vector2 x) {
  double value = 0, weight = 1;
  for (int t = 0; t < 5'000; t++) {
    const double u = policy.action(x);
    value -= weight * cost(system, x, u);
    weight *= discount;
    x = advance(system, x, u);
  }
  return value;
}

// a system without the zeros and symmetries of the task's
constexpr LinearSystem kUneven = {
    .a = {{{1.02, 0.3}, {-0.2, 0.9}}}, .b = {0.4, -1.1}, .q = {{{2.0, 0.3}, {0.3, 1.0}}}, .r = 0.7};

TEST(Riccati, SolvesItsEquation) {
  for (const LinearSystem& s : {LinearQuadratic::system(), kUneven}) {
    for (double discount : kDiscounts) {
      const Matrix2 p = solve_riccati(s, discount).p;
      // P = Q + d A'PA - d^2 A'PB (R + d B'PB)^-1 B'PA, element by element
      Matrix2 pa{};
      Vector2 pb{};
      for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 2; j++) pa[i][j] = p[i][0] * s.a[0][j] + p[i][1] * s.a[1][j];
        pb[i] = p[i][0] * s.b[0] + p[i][1] * s.b[1];
      }
      const double bpb = s.b[0] * pb[0] + s.b[1] * pb[1];
      for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 2; j++) {
          const double apa = s.a[0][i] * pa[0][j] + s.a[1][i] * pa[1][j];
          const double bpa_i = s.b[0] * pa[0][i] + s.b[1] * pa[1][i], bpa_j = s.b[0] * pa[0][j] + s.b[1] * pa[1][j];
          const double right =
              s.q[i][j] + discount * apa - discount * discount * bpa_i * bpa_j / (s.r + discount * bpb);
          EXPECT_NEAR(p[i][j], right, 1e-12 * p[0][0]) << "discount " << discount;
        }
      }
    }
  }
}

TEST(Riccati, AgreesWithAnIndependentSolution) {
  // numpy, discount 0.99; also printed in docs/environments.md
  const LinearPolicy optimal = solve_riccati(LinearQuadratic::system(), 0.99);
  EXPECT_NEAR(optimal.gain[0], 0.67622189, 1e-8);
  EXPECT_NEAR(optimal.gain[1], 0.76877949, 1e-8);
  EXPECT_NEAR(optimal.p[0][0], 12.10901209708702, 1e-10);
  EXPECT_NEAR(optimal.p[0][1], 7.176995117030894, 1e-10);
  EXPECT_NEAR(optimal.p[1][1], 7.908293691980351, 1e-10);
}

TEST(Riccati, ValueIsTheSimulatedDiscountedReturn) {
  for (const LinearSystem& system : {LinearQuadratic::system(), kUneven}) {
    for (double discount : kDiscounts) {
      const LinearPolicy optimal = solve_riccati(system, discount);
      const Vector2 x{0.7, -0.4};
      EXPECT_NEAR(optimal.value(x), simulated_value(system, optimal, discount, x), 1e-11);
    }
  }
}

TEST(Riccati, NoOtherGainIsBetter) {
  const LinearSystem system = LinearQuadratic::system();
  for (double discount : {0.9, 0.99}) {
    const LinearPolicy optimal = solve_riccati(system, discount);
    for (const Vector2& change : {Vector2{0.05, 0}, Vector2{-0.05, 0}, Vector2{0, 0.05}, Vector2{0, -0.05}}) {
      const Vector2 gain{optimal.gain[0] + change[0], optimal.gain[1] + change[1]};
      const LinearPolicy other = evaluate_gain(system, gain, discount);
      for (const Vector2& x : {Vector2{1, 0}, Vector2{0.3, -0.2}, Vector2{-1, 0.2}}) {
        EXPECT_LT(other.value(x), optimal.value(x) - 1e-6);
      }
    }
  }
}

TEST(Riccati, EvaluatesAnyGainAsSimulated) {
  const LinearSystem system = LinearQuadratic::system();
  const LinearPolicy policy = evaluate_gain(system, {0.2, 1.5}, 0.95);
  EXPECT_EQ(policy.gain, (Vector2{0.2, 1.5}));
  EXPECT_NEAR(policy.value({0.5, -0.1}), simulated_value(system, policy, 0.95, {0.5, -0.1}), 1e-11);
}

TEST(Riccati, ActionValueIsOneStepThenThePolicy) {
  const LinearSystem system = LinearQuadratic::system();
  const LinearPolicy optimal = solve_riccati(system, 0.99);
  const Vector2 x{0.8, 0.1};
  const double best = optimal.action(x);
  EXPECT_NEAR(action_value(system, optimal, 0.99, x, best), optimal.value(x), 1e-12);
  for (double difference : {-0.3, -0.01, 0.01, 0.3}) {
    const double action = best + difference;
    const double expected =
        -cost(system, x, action) + 0.99 * simulated_value(system, optimal, 0.99, advance(system, x, action));
    EXPECT_NEAR(action_value(system, optimal, 0.99, x, action), expected, 1e-11);
    EXPECT_LT(action_value(system, optimal, 0.99, x, action), optimal.value(x));
  }
}

TEST(Riccati, RefusesAnInfiniteCost) {
  EXPECT_THROW(evaluate_gain(LinearQuadratic::system(), {-5, 0}, 1.0), Error);
}

}  // namespace
}  // namespace ddpg
