// What lies between a task and who acts in it: delays, noise of sensors, memory. By name, as settings of any task,
//   ddpg train Pendulum-v1 --set env.wrap.frame_stack=4 --set env.wrap.action_delay=2
// or around an object of your own: wrap(std::move(environment), {{"frame_stack", 4}}). docs/wrappers.md describes each.
// Their state is saved with the task's, so that a run resumes to the same bits.
#pragma once

#include <memory>

#include "ddpg/environment.h"

namespace ddpg {

/// Puts the wrappers that `settings` name around `environment`, in the order of docs/wrappers.md whatever theirs:
///   action_repeat      N: play each action for N of its steps; rewards and metrics are summed
///   action_delay       N, or [A, B], drawn for each episode: steps until an action is played
///   observation_delay  likewise, until an observation is seen
///   sensor_noise       standard deviation of the noise on observations: one number, or one for each
///   low_pass           A in (0, 1]: of each new action so much is taken, of the one before the rest
///   time_left          true: one more observation, the share of the time limit that is left
///   last_actions       N: the last N actions as observations, in [-1, 1]
///   frame_stack        N: the last N observations, the newest last
/// Throws UsageError for an unknown name or a value that cannot be.
std::unique_ptr<Environment> wrap(std::unique_ptr<Environment> environment, const EnvironmentSettings& settings);

}  // namespace ddpg
