#include "envs/classic/point_reach.h"

#include <fmt/format.h>

#include <algorithm>

#include "ddpg/error.h"
#include "envs/settings.h"

namespace ddpg {
namespace {

constexpr int kSize = PointReach::kDimensions;
constexpr double kKept = 0.7, kPush = 0.05;  // of the velocity in a step, and what a whole action adds

StepResult judged(std::span<const double> achieved, std::span<const double> desired) {
  double squares = 0;
  for (std::size_t i = 0; i < achieved.size(); i++) squares += (achieved[i] - desired[i]) * (achieved[i] - desired[i]);
  return {.reward = squares <= PointReach::kTolerance * PointReach::kTolerance ? 0.0 : -1.0};
}

void judge(std::span<const double> achieved, std::span<const double> desired, std::span<StepResult> results) {
  for (std::size_t i = 0; i < results.size(); i++)
    results[i] = judged(achieved.subspan(i * kSize, kSize), desired.subspan(i * kSize, kSize));
}

}  // namespace

EnvironmentEntry PointReach::entry() {
  return {.name = "PointReach-v0",
          .summary = "bring a point in a room to a goal; each step away from it costs 1 (for replay.hindsight)",
          .suggested_steps = 20'000,
          .expected = "",
          .make = [](const EnvironmentSettings& settings) -> std::unique_ptr<Environment> {
            SettingReader("PointReach-v0", settings).finish();
            return std::make_unique<PointReach>();
          }};
}

PointReach::PointReach()
    : specification_{
          .name = "PointReach-v0",
          .observation_size = 3 * kDimensions,
          .action_low = {-1.0f, -1.0f, -1.0f},
          .action_high = {1.0f, 1.0f, 1.0f},
          .time_limit = 50,
          .control_period = 0.05,
          .observation_names = {"x", "y", "z", "velocity x", "velocity y", "velocity z", "goal x", "goal y", "goal z"},
          .action_names = {"force x", "force y", "force z"},
          .goals = {.size = kDimensions, .achieved = 0, .desired = 2 * kDimensions, .judge = judge}} {}

void PointReach::reset(RandomStream& random, std::span<double> observation) {
  for (int i = 0; i < kDimensions; i++) {
    position(i) = random.uniform(-1, 1);
    velocity(i) = 0;
    goal(i) = random.uniform(-1, 1);
  }
  std::ranges::copy(state_, observation.begin());
}

StepResult PointReach::step(std::span<const float> action, std::span<double> observation) {
  for (int i = 0; i < kDimensions; i++) {
    const double force = std::clamp(static_cast<double>(action[static_cast<std::size_t>(i)]), -1.0, 1.0);
    velocity(i) = kKept * velocity(i) + kPush * force;
    position(i) += velocity(i);
    if (position(i) >= -1 && position(i) <= 1) continue;
    position(i) = std::clamp(position(i), -1.0, 1.0);  // a wall stops it
    velocity(i) = 0;
  }
  std::ranges::copy(state_, observation.begin());
  const std::span<const double> state(state_);
  return judged(state.first(kDimensions), state.last(kDimensions));
}

void PointReach::restore_state(std::span<const double> state) {
  if (state.size() != state_.size())
    throw Error(fmt::format("[PointReach-v0] a state has {} numbers, found {}", state_.size(), state.size()));
  std::ranges::copy(state, state_.begin());
}

}  // namespace ddpg
