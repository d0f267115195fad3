// Gymnasium rounds the state to float32 after every step and computes the next step in that precision; only the first
// step after a reset starts from a float64 state and is computed in float64. A force within the bounds is a float32,
// one cut to a bound a Python float. The same roundings are made here, in the same order.
#include "envs/classic/mountain_car_continuous.h"

#include <fmt/format.h>

#include "ddpg/error.h"
#include "envs/settings.h"
#include "support/math.h"

namespace ddpg {
namespace {

constexpr double kMinPosition = -1.2;
constexpr double kMaxPosition = 0.6;
constexpr double kMaxSpeed = 0.07;
constexpr double kGoalPosition = 0.45;
constexpr double kPower = 0.0015;
constexpr double kGravity = 0.0025;

// what motor and slope add to the velocity
double push(float action, double slope) {
  if (action > 1) return kPower - kGravity * slope;
  if (action < -1) return -kPower - kGravity * slope;
  return action * static_cast<float>(kPower) - static_cast<float>(kGravity * slope);
}

}  // namespace

EnvironmentEntry MountainCarContinuous::entry() {
  return {
      .name = "MountainCarContinuous-v0",
      .summary = "rock an underpowered car out of a valley; the only reward is at the flag",
      .suggested_steps = 50'000,
      .expected = "93.4 with --set exploration.noise=ornstein-uhlenbeck --set exploration.sigma=0.5 (docs/results.md)",
      .make = [](const EnvironmentSettings& settings) -> std::unique_ptr<Environment> {
        SettingReader reader("MountainCarContinuous-v0", settings);
        const double goal_velocity = reader.number("goal_velocity", 0.0);
        reader.finish();
        return std::make_unique<MountainCarContinuous>(goal_velocity);
      }};
}

MountainCarContinuous::MountainCarContinuous(double goal_velocity)
    : specification_{.name = "MountainCarContinuous-v0",
                     .observation_size = 2,
                     .action_low = {-1},
                     .action_high = {1},
                     .time_limit = 999,
                     .observation_names = {"position", "velocity"},
                     .action_names = {"force"}},
      goal_velocity_(goal_velocity) {}

void MountainCarContinuous::reset(RandomStream& random, std::span<double> observation) {
  position_ = random.uniform(-0.6, -0.4);
  velocity_ = 0;
  stepped_ = false;
  observation[0] = static_cast<float>(position_);
  observation[1] = 0;
}

StepResult MountainCarContinuous::step(std::span<const float> action, std::span<double> observation) {
  const double raw = action[0];
  const bool arrived = stepped_ ? advance<float>(action[0]) : advance<double>(action[0]);
  observation[0] = position_;
  observation[1] = velocity_;
  // the action is charged as it was given, before it is cut to the bounds
  return {.reward = (arrived ? 100.0 : 0.0) - raw * raw * 0.1, .terminated = arrived};
}

// moves by one step in the precision Real, then rounds to float32; true when the goal is reached
template <class Real>
bool MountainCarContinuous::advance(float action) {
  Real position = static_cast<Real>(position_);
  Real velocity = static_cast<Real>(velocity_);

  velocity += static_cast<Real>(push(action, pinned_cos(3 * position)));
  if (velocity > static_cast<Real>(kMaxSpeed)) velocity = static_cast<Real>(kMaxSpeed);
  if (velocity < static_cast<Real>(-kMaxSpeed)) velocity = static_cast<Real>(-kMaxSpeed);
  position += velocity;
  if (position > static_cast<Real>(kMaxPosition)) position = static_cast<Real>(kMaxPosition);
  if (position < static_cast<Real>(kMinPosition)) position = static_cast<Real>(kMinPosition);
  // the wall on the left stops the car
  if (position == static_cast<Real>(kMinPosition) && velocity < 0) velocity = 0;

  position_ = static_cast<float>(position);
  velocity_ = static_cast<float>(velocity);
  stepped_ = true;
  return position >= static_cast<Real>(kGoalPosition) && velocity >= static_cast<Real>(goal_velocity_);
}

void MountainCarContinuous::restore_state(std::span<const double> state) {
  if (state.size() != 3) {
    throw Error(fmt::format("[MountainCarContinuous-v0] a state has 3 numbers, found {}", state.size()));
  }
  position_ = state[0];
  velocity_ = state[1];
  stepped_ = state[2] != 0;
}

}  // namespace ddpg
