// Discounted linear-quadratic control by value iteration, which contracts: for two states it is exact to rounding
// within some hundred sweeps. Lewis, Vrabie and Syrmos, "Optimal Control" (3rd edition), section 2.4, with A and B
// scaled by sqrt(discount).
#include "envs/classic/riccati.h"

#include <cmath>

#include "ddpg/error.h"

namespace ddpg {
namespace {

constexpr int kMaxSweeps = 1'000'000;

double dot(const Vector2& x, const Vector2& y) {
  return x[0] * y[0] + x[1] * y[1];
}

Vector2 multiply(const Matrix2& m, const Vector2& x) {
  return {dot(m[0], x), dot(m[1], x)};
}

double quadratic(const Matrix2& m, const Vector2& x) {
  return dot(x, multiply(m, x));
}

Vector2 next_state(const LinearSystem& system, const Vector2& x, double u) {
  const Vector2 drift = multiply(system.a, x);
  return {drift[0] + system.b[0] * u, drift[1] + system.b[1] * u};
}

// the gain that minimises R u^2 + discount x'(A x + B u)' P (A x + B u)
Vector2 greedy_gain(const LinearSystem& system, const Matrix2& p, double discount) {
  const Vector2 pb = multiply(p, system.b);
  const double curvature = system.r + discount * dot(system.b, pb);
  const double scale = discount / curvature;
  return {scale * (pb[0] * system.a[0][0] + pb[1] * system.a[1][0]),
          scale * (pb[0] * system.a[0][1] + pb[1] * system.a[1][1])};
}

// Q + K' R K + discount (A - B K)' P (A - B K)
Matrix2 one_step_back(const LinearSystem& system, const Vector2& gain, const Matrix2& p, double discount) {
  Matrix2 columns{};  // of A - B K
  for (int j = 0; j < 2; j++) {
    for (int i = 0; i < 2; i++) columns[j][i] = system.a[i][j] - system.b[i] * gain[j];
  }
  Matrix2 result{};
  for (int i = 0; i < 2; i++) {
    for (int j = 0; j < 2; j++) {
      result[i][j] =
          system.q[i][j] + gain[i] * system.r * gain[j] + discount * dot(columns[i], multiply(p, columns[j]));
    }
  }
  return result;
}

// largest change of an entry relative to the largest entry
double change(const Matrix2& before, const Matrix2& after) {
  double difference = 0, size = 0;
  for (int i = 0; i < 2; i++) {
    for (int j = 0; j < 2; j++) {
      difference = std::fmax(difference, std::fabs(after[i][j] - before[i][j]));
      size = std::fmax(size, std::fabs(after[i][j]));
    }
  }
  return difference / size;
}

// sweeps until P stays; `improve` lets the gain follow P, as in the Riccati equation
LinearPolicy iterate(const LinearSystem& system, Vector2 gain, double discount, bool improve) {
  Matrix2 p = system.q;
  for (int sweep = 0; sweep < kMaxSweeps; sweep++) {
    if (improve) gain = greedy_gain(system, p, discount);
    const Matrix2 next = one_step_back(system, gain, p, discount);
    const double moved = change(p, next);
    p = next;
    if (moved < 1e-15) return {gain, p};
    if (!std::isfinite(moved)) break;
  }
  throw Error("[riccati] the discounted cost does not converge: expected a gain and a discount that keep it finite");
}

}  // namespace

double LinearPolicy::action(const Vector2& state) const {
  return -dot(gain, state);
}

double LinearPolicy::value(const Vector2& state) const {
  return -quadratic(p, state);
}

LinearPolicy solve_riccati(const LinearSystem& system, double discount) {
  return iterate(system, {}, discount, true);
}

LinearPolicy evaluate_gain(const LinearSystem& system, const Vector2& gain, double discount) {
  return iterate(system, gain, discount, false);
}

double action_value(const LinearSystem& system, const LinearPolicy& policy, double discount, const Vector2& state,
                    double action) {
  const double cost = quadratic(system.q, state) + system.r * action * action;
  return -cost + discount * policy.value(next_state(system, state, action));
}

}  // namespace ddpg
