// MountainCarContinuous-v0: rock an underpowered car out of a valley. Gymnasium's
// classic_control/continuous_mountain_car.py (version 1.4.0), number for number.
#pragma once

#include <string>
#include <vector>

#include "ddpg/environment.h"
#include "draw/drawable.h"

namespace ddpg {

class MountainCarContinuous final : public Environment, public Drawable {
 public:
  static EnvironmentEntry entry();

  /// `goal_velocity`: the least velocity at the flag that counts as arriving.
  explicit MountainCarContinuous(double goal_velocity = 0);

  const Specification& specification() const override { return specification_; }
  void reset(RandomStream& random, std::span<double> observation) override;
  StepResult step(std::span<const float> action, std::span<double> observation) override;
  /// [position, velocity, 1 when the state comes from a step and 0 when from reset()]
  std::vector<double> save_state() const override { return {position_, velocity_, stepped_ ? 1.0 : 0.0}; }
  void restore_state(std::span<const double> state) override;
  Drawing drawing() const override;

 protected:
  void draw_state(Picture& picture, const std::string& camera) const override;

 private:
  template <class Real>
  bool advance(float action);

  Specification specification_;
  double goal_velocity_;
  double position_ = 0;
  double velocity_ = 0;
  bool stepped_ = false;  // the state has been rounded to float32 by a step
};

}  // namespace ddpg
