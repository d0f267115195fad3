// Options of an algorithm that learns from its first steps, small enough for a test.
#pragma once

#include "ddpg/options.h"

namespace ddpg::testing {

inline Options small_options(int environments = 1) {
  Options options;
  options.environments = environments;
  options.actor.hidden = options.critic.hidden = {8, 8};
  options.batch_size = 4;
  options.replay_capacity = 1'000;
  options.warmup_steps = 0;
  options.learning_starts = 0;
  return options;
}

// Of a whole training of Pendulum-v1 without evaluations.
inline Options pendulum_options() {
  Options options;
  options.environment = "Pendulum-v1";
  options.steps = 450;  // two episodes and a half
  options.actor.hidden = options.critic.hidden = {8, 8};
  options.batch_size = 4;
  options.replay_capacity = 1'000;
  options.warmup_steps = options.learning_starts = 50;
  options.evaluation_episodes = 0;
  return options;
}

}  // namespace ddpg::testing
