// A training that is over in a moment, with several checkpoints, and what a wrong use of it throws.
#pragma once

#include <functional>
#include <string>

#include "ddpg/error.h"
#include "ddpg/options.h"

namespace ddpg::testing {

inline Options small_run(std::int64_t steps) {
  Options options;
  options.environment = "Pendulum-v1";
  options.steps = steps;
  options.actor.hidden = options.critic.hidden = {8};
  options.batch_size = 8;
  options.warmup_steps = options.learning_starts = 50;
  options.evaluation_interval = 100;
  options.evaluation_episodes = 1;
  options.log_interval = 50;
  options.checkpoint_interval = 100;
  return options;
}

inline std::string usage_error(const std::function<void()>& call) {
  try {
    call();
  } catch (const UsageError& error) {
    return error.what();
  } catch (const Error& error) {
    return std::string("no usage error: ") + error.what();
  }
  return "no error";
}

}  // namespace ddpg::testing
