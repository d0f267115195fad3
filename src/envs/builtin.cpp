// The list of built-in tasks: one line for each classic one, and those on MuJoCo.
#include "envs/builtin.h"

#include "envs/classic/linear_quadratic.h"
#include "envs/classic/mountain_car_continuous.h"
#include "envs/classic/pendulum.h"
#include "envs/classic/point_reach.h"
#include "envs/mujoco_tasks.h"

namespace ddpg {

std::vector<EnvironmentEntry> builtin_environments() {
  std::vector<EnvironmentEntry> entries = {LinearQuadratic::entry(), MountainCarContinuous::entry(), Pendulum::entry(),
                                           PointReach::entry()};
  for (EnvironmentEntry& entry : mujoco_entries()) entries.push_back(std::move(entry));
  return entries;
}

}  // namespace ddpg
