// The list of built-in tasks: one line for each file.
#include "envs/builtin.h"

#include "envs/classic/linear_quadratic.h"
#include "envs/classic/mountain_car_continuous.h"
#include "envs/classic/pendulum.h"

namespace ddpg {

std::vector<EnvironmentEntry> builtin_environments() {
  return {LinearQuadratic::entry(), MountainCarContinuous::entry(), Pendulum::entry()};
}

}  // namespace ddpg
