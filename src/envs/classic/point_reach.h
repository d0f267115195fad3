// PointReach-v0: bring a sluggish point in a room to a goal, and keep it there. Each step costs 1 but those that end at
// the goal, so that by chance next to nothing is learnt: for hindsight replay (replay.hindsight).
#pragma once

#include <array>
#include <string>
#include <vector>

#include "ddpg/environment.h"
#include "draw/drawable.h"

namespace ddpg {

class PointReach final : public Environment, public Drawable {
 public:
  static constexpr int kDimensions = 3;
  static constexpr double kTolerance = 0.1;  // distance from the goal that counts as reached

  static EnvironmentEntry entry();

  PointReach();

  const Specification& specification() const override { return specification_; }
  void reset(RandomStream& random, std::span<double> observation) override;
  StepResult step(std::span<const float> action, std::span<double> observation) override;
  /// Position, velocity, goal.
  std::vector<double> save_state() const override { return {state_.begin(), state_.end()}; }
  void restore_state(std::span<const double> state) override;
  Drawing drawing() const override;

 protected:
  void draw_state(Picture& picture, const std::string& camera) const override;

 private:
  double& position(int i) { return state_[static_cast<std::size_t>(i)]; }
  double& velocity(int i) { return state_[static_cast<std::size_t>(kDimensions + i)]; }
  double& goal(int i) { return state_[static_cast<std::size_t>(2 * kDimensions + i)]; }

  Specification specification_;
  std::array<double, 3 * kDimensions> state_{};
};

}  // namespace ddpg
