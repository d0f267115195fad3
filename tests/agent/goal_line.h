// A point on a line that is to come to a goal: [position, goal], -1 for each step but those that end there.
#pragma once

#include <cmath>

#include "agent/test_environments.h"

namespace ddpg::testing {

// The goal is reached, and the episode ends, within 0.05. Episodes are cut after 10 steps.
inline Script goal_line() {
  const auto judge = [](std::span<const double> achieved, std::span<const double> desired,
                        std::span<StepResult> results) {
    for (std::size_t i = 0; i < results.size(); i++) {
      const bool reached = std::fabs(achieved[i] - desired[i]) < 0.05;
      results[i] = {.reward = reached ? 0.0 : -1.0, .terminated = reached};
    }
  };
  Script script;
  script.specification = {.name = "goal line",
                          .observation_size = 2,
                          .action_low = {-1.0f},
                          .action_high = {1.0f},
                          .goals = {.size = 1, .achieved = 0, .desired = 1, .judge = judge}};
  auto place = std::make_shared<double>(0.0), goal = std::make_shared<double>(0.0);
  script.reset = [=](RandomStream& random, std::span<double> observation) {
    observation[0] = *place = random.uniform(-1, 1);
    observation[1] = *goal = random.uniform(-1, 1);
  };
  script.step = [=](int step, std::span<const float> action, std::span<double> observation) {
    observation[0] = *place += 0.2 * action[0];
    observation[1] = *goal;
    StepResult result;
    judge(std::span<const double>(place.get(), 1), std::span<const double>(goal.get(), 1), std::span(&result, 1));
    result.truncated = step == 9;
    return result;
  };
  return script;
}

}  // namespace ddpg::testing
