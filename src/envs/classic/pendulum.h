// Pendulum-v1: swing a pendulum up and hold it there. Gymnasium's classic_control/pendulum.py (version 1.4.0), number
// for number.
#pragma once

#include <string>
#include <vector>

#include "ddpg/environment.h"
#include "draw/drawable.h"

namespace ddpg {

class Pendulum final : public Environment, public Drawable {
 public:
  static EnvironmentEntry entry();

  /// `gravity` in m/s^2: the setting "g".
  explicit Pendulum(double gravity = 10.0);

  const Specification& specification() const override { return specification_; }
  void reset(RandomStream& random, std::span<double> observation) override;
  StepResult step(std::span<const float> action, std::span<double> observation) override;
  /// [angle in radians (0: upright), angular velocity in rad/s]
  std::vector<double> save_state() const override { return {angle_, velocity_}; }
  void restore_state(std::span<const double> state) override;
  Drawing drawing() const override;

 protected:
  void draw_state(Picture& picture, const std::string& camera) const override;

 private:
  void observe(std::span<double> observation) const;

  Specification specification_;
  double gravity_torque_;  // 3 g / (2 l)
  double angle_ = 0;       // not wrapped
  double velocity_ = 0;
  double sine_ = 0;  // of angle_, kept from one step to the next
  double cosine_ = 1;
  float torque_ = 0;  // of the last step; only drawn
};

}  // namespace ddpg
