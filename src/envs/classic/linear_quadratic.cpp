// The bounds are unequal on purpose: they prove the scaling of the actor's output. They are wide enough that from no
// starting state does the optimal policy meet them, whatever the discount, so that the linear solution is the solution.
#include "envs/classic/linear_quadratic.h"

#include <fmt/format.h>

#include <algorithm>

#include "ddpg/error.h"
#include "envs/settings.h"

namespace ddpg {

EnvironmentEntry LinearQuadratic::entry() {
  return {.name = "LinearQuadratic-v0",
          .summary = "bring a mass on a spring to rest at quadratic cost; the optimum is known exactly",
          .suggested_steps = 20'000,
          .expected = "-4.74 optimal (Riccati equation, discount 0.99)",
          .make = [](const EnvironmentSettings& settings) -> std::unique_ptr<Environment> {
            SettingReader("LinearQuadratic-v0", settings).finish();
            return std::make_unique<LinearQuadratic>();
          }};
}

LinearQuadratic::LinearQuadratic()
    : specification_{.name = "LinearQuadratic-v0",
                     .observation_size = 2,
                     .action_low = {-1.0f},
                     .action_high = {1.2f},
                     .time_limit = 100,
                     .control_period = 0.05,
                     .observation_names = {"position", "velocity"},
                     .action_names = {"force"}} {}

void LinearQuadratic::reset(RandomStream& random, std::span<double> observation) {
  for (int i = 0; i < 2; i++) {
    state_[i] = random.uniform(-start_range()[i], start_range()[i]);
    observation[i] = state_[i];
  }
}

StepResult LinearQuadratic::step(std::span<const float> action, std::span<double> observation) {
  constexpr LinearSystem kSystem = system();
  const auto [x0, x1] = state_;
  const double u = std::clamp(action[0], specification_.action_low[0], specification_.action_high[0]);

  const double cost =
      kSystem.q[0][0] * x0 * x0 + 2 * kSystem.q[0][1] * x0 * x1 + kSystem.q[1][1] * x1 * x1 + kSystem.r * u * u;
  for (int i = 0; i < 2; i++) {
    state_[i] = kSystem.a[i][0] * x0 + kSystem.a[i][1] * x1 + kSystem.b[i] * u;
    observation[i] = state_[i];
  }
  return {.reward = -cost};
}

void LinearQuadratic::restore_state(std::span<const double> state) {
  if (state.size() != 2) throw Error(fmt::format("[LinearQuadratic-v0] a state has 2 numbers, found {}", state.size()));
  std::copy(state.begin(), state.end(), state_.begin());
}

}  // namespace ddpg
