// LinearQuadratic-v0: bring a damped mass on a weak spring to rest at 0, at quadratic cost. The optimal policy and its
// Q are known exactly (tests/envs/classic/riccati.h), so that actor and critic can be checked against the truth.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "ddpg/environment.h"
#include "draw/drawable.h"

namespace ddpg {

using Vector2 = std::array<double, 2>;
using Matrix2 = std::array<Vector2, 2>;  // by rows

/// x' = A x + B u, cost = x' Q x + R u^2 in each step; two states, one action.
struct LinearSystem {
  Matrix2 a;
  Vector2 b;
  Matrix2 q;
  double r;
};

class LinearQuadratic final : public Environment, public Drawable {
 public:
  static EnvironmentEntry entry();
  /// Dynamics and cost. The state is [position, velocity], the action a force; reward = -(x' Q x + R u^2) of the state
  /// that is left. Seen over 0.05 s: unit mass, spring 0.2, damping 0.5.
  static constexpr LinearSystem system() {
    return {.a = {{{1.0, 0.05}, {-0.01, 0.975}}}, .b = {0.0, 0.05}, .q = {{{0.5, 0.0}, {0.0, 0.05}}}, .r = 0.5};
  }
  /// Starting states are uniform within +- these.
  static constexpr Vector2 start_range() { return {1.0, 0.2}; }

  LinearQuadratic();

  const Specification& specification() const override { return specification_; }
  void reset(RandomStream& random, std::span<double> observation) override;
  StepResult step(std::span<const float> action, std::span<double> observation) override;
  /// [position, velocity]
  std::vector<double> save_state() const override { return {state_[0], state_[1]}; }
  void restore_state(std::span<const double> state) override;
  Drawing drawing() const override;

 protected:
  void draw_state(Picture& picture, const std::string& camera) const override;

 private:
  Specification specification_;
  Vector2 state_{};
};

}  // namespace ddpg
