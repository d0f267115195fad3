// The ready-made wrappers, each as a function that puts it around an environment. By name: wrap() in ddpg/wrappers.h.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "ddpg/wrappers.h"

namespace ddpg {

using EnvironmentPointer = std::unique_ptr<Environment>;

// How many steps: fixed where both are equal, else drawn for each episode.
struct DelayRange {
  int low = 0, high = 0;
};

// What the environment does not write of its observation is NaN, and what it writes beyond is an error, whatever room
// the wrappers around it have.
EnvironmentPointer check_observations(EnvironmentPointer inside);
EnvironmentPointer repeat_actions(EnvironmentPointer inside, int steps);
EnvironmentPointer delay_actions(EnvironmentPointer inside, DelayRange delay);
EnvironmentPointer filter_actions(EnvironmentPointer inside, double share);
EnvironmentPointer delay_observations(EnvironmentPointer inside, DelayRange delay);
// One deviation for all, or one for each number of the observation.
EnvironmentPointer add_sensor_noise(EnvironmentPointer inside, const std::vector<double>& deviation);
EnvironmentPointer show_time_left(EnvironmentPointer inside);
EnvironmentPointer show_last_actions(EnvironmentPointer inside, int count);
EnvironmentPointer stack_frames(EnvironmentPointer inside, int count);

// The settings of a task are its own but for these: max_episode_steps, and those of wrappers, "wrap.frame_stack".
EnvironmentSettings own_settings(const EnvironmentSettings& settings);
// The environment with what these others ask for.
EnvironmentPointer as_asked(EnvironmentPointer environment, const EnvironmentSettings& settings);

}  // namespace ddpg
