// The exact solution of a small linear system with quadratic cost: what actor and critic of LinearQuadratic-v0 should
// become.
#pragma once

#include "envs/classic/linear_quadratic.h"

namespace ddpg {

/// The policy u = -gain x, and its cost from x onwards, discounted: x' P x.
struct LinearPolicy {
  Vector2 gain;
  Matrix2 p;

  double action(const Vector2& state) const;
  /// V(s), the discounted sum of rewards: -x' P x.
  double value(const Vector2& state) const;
};

/// The policy of least discounted cost: the fixed point of the Riccati equation, found by iterating it from P = Q.
LinearPolicy solve_riccati(const LinearSystem& system, double discount);
/// What u = -gain x costs. Throws Error when the discounted cost is infinite.
LinearPolicy evaluate_gain(const LinearSystem& system, const Vector2& gain, double discount);
/// Q(s, a): the reward of `action` in `state`, then discounted that of `policy` for ever.
double action_value(const LinearSystem& system, const LinearPolicy& policy, double discount, const Vector2& state,
                    double action);

}  // namespace ddpg
