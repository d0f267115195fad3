// Gymnasium computes the state in float64 but the action's terms in float32 (NumPy's promotion of a float32 scalar with
// Python numbers). The same roundings are made here, in the same order.
#include "envs/classic/pendulum.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "ddpg/error.h"
#include "envs/settings.h"
#include "support/math.h"

namespace ddpg {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kTwoPi = 2 * kPi;
constexpr double kTimeStep = 0.05;      // s
constexpr double kMaxAngularSpeed = 8;  // rad/s
constexpr float kMaxTorque = 2;         // N m

// y modulo 2 pi in [0, 2 pi), as Python's %. The remainder is exact; the usual cases need no division.
double wrapped(double y) {
  if (y >= 0 && y < kTwoPi) return y;
  if (y >= kTwoPi && y < 2 * kTwoPi) return y - kTwoPi;
  const double remainder = std::fmod(y, kTwoPi);
  return remainder < 0 ? remainder + kTwoPi : remainder;
}

}  // namespace

EnvironmentEntry Pendulum::entry() {
  return {.name = "Pendulum-v1",
          .summary = "swing a pendulum up with a torque too weak to lift it at once",
          .suggested_steps = 20'000,
          .expected = "-147 near-perfect (mean of 20,000 episodes, SBX DDPG)",
          .make = [](const EnvironmentSettings& settings) -> std::unique_ptr<Environment> {
            SettingReader reader("Pendulum-v1", settings);
            const double gravity = reader.number("g", 10.0);
            reader.finish();
            return std::make_unique<Pendulum>(gravity);
          }};
}

Pendulum::Pendulum(double gravity)
    : specification_{.name = "Pendulum-v1",
                     .observation_size = 3,
                     .action_low = {-kMaxTorque},
                     .action_high = {kMaxTorque},
                     .time_limit = 200,
                     .control_period = kTimeStep,
                     .observation_names = {"cos(angle)", "sin(angle)", "angular velocity"},
                     .observation_units = {"", "", "rad/s"},
                     .action_names = {"torque"},
                     .action_units = {"N m"}},
      gravity_torque_(3 * gravity / 2) {}

void Pendulum::reset(RandomStream& random, std::span<double> observation) {
  const double angle = random.uniform(-kPi, kPi);
  const double velocity = random.uniform(-1.0, 1.0);
  restore_state(std::array{angle, velocity});
  observe(observation);
}

StepResult Pendulum::step(std::span<const float> action, std::span<double> observation) {
  // the cost of the state that is left
  const float torque = std::clamp(action[0], -kMaxTorque, kMaxTorque);
  const double angle = wrapped(angle_ + kPi) - kPi;
  const double cost = angle * angle + 0.1 * (velocity_ * velocity_) + 0.001f * (torque * torque);

  // semi-implicit Euler
  const double acceleration = gravity_torque_ * sine_ + 3.0f * torque;
  velocity_ = std::clamp(velocity_ + acceleration * kTimeStep, -kMaxAngularSpeed, kMaxAngularSpeed);
  angle_ += velocity_ * kTimeStep;
  sine_ = pinned_sin(angle_);
  cosine_ = pinned_cos(angle_);

  torque_ = torque;
  observe(observation);
  return {.reward = -cost};
}

void Pendulum::restore_state(std::span<const double> state) {
  if (state.size() != 2) throw Error(fmt::format("[Pendulum-v1] a state has 2 numbers, found {}", state.size()));
  angle_ = state[0];
  velocity_ = state[1];
  torque_ = 0;
  sine_ = pinned_sin(angle_);
  cosine_ = pinned_cos(angle_);
}

void Pendulum::observe(std::span<double> observation) const {
  observation[0] = static_cast<float>(cosine_);
  observation[1] = static_cast<float>(sine_);
  observation[2] = static_cast<float>(velocity_);
}

}  // namespace ddpg
