// Test episodes without noise. They draw from their own random stream and touch nothing of a training.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "ddpg/train.h"

namespace ddpg {

// Q(s, a), for the comparison of what was predicted with what was obtained.
using ValueFunction = std::function<double(std::span<const double> observation, std::span<const float> action)>;

// Who acts: writes the action for an observation.
using Actor = std::function<void(std::span<const double> observation, std::span<float> action)>;

// No episode of it broke down: the few steps before may have a return that no policy reaches.
bool is_whole(const Evaluation& evaluation);

struct Episode {
  std::vector<double> rewards, values;
  double tail = 0;  // value of the last observation of a truncated episode
  bool terminated = false, broke_down = false;
  std::vector<double> metrics;  // of the task, means over the steps

  double sum() const {
    double total = 0;
    for (double reward : rewards) total += reward;
    return total;
  }
};

// Throws UsageError when the numbers of observations or actions differ, Error when the specification is inconsistent.
void check_policy_fits(const Policy& policy, const Environment& environment);
// Throws UsageError when they are fewer.
void check_episodes(const char* where, int episodes, int least = 1);

// One episode without noise, from a state drawn from `random`, cut at the time limit of the specification, whether or
// not the environment keeps it itself. With `value`, `values` and `tail` are filled. `watch` is
// called in the first state and after each step; false ends the episode there.
Episode play_episode(const Actor& actor, Environment& environment, RandomStream& random,
                     const ValueFunction& value = {}, const std::function<bool()>& watch = {});
Episode play_episode(Policy& policy, Environment& environment, RandomStream& random, const ValueFunction& value = {},
                     const std::function<bool()>& watch = {});

// For `watch`: throws Interrupted when `*stop` becomes true; empty without a stop. `what` is under way.
std::function<bool()> stop_watch(const std::atomic<bool>* stop, const char* what);

// Decides the starting states of evaluate().
RandomStream evaluation_stream(std::uint64_t seed, std::uint64_t index = 0);

// As evaluate() of train.h; with `value`, also predicted_q and discounted_return under `discount`.
Evaluation evaluate_with_value(Policy& policy, Environment& environment, int episodes, std::uint64_t seed,
                               std::uint64_t index, double discount, const ValueFunction& value,
                               const std::atomic<bool>* stop = nullptr);
// The same of anybody who acts.
Evaluation evaluate_actor(const Actor& actor, Environment& environment, int episodes, std::uint64_t seed,
                          std::uint64_t index = 0, double discount = 1, const ValueFunction& value = {},
                          const std::atomic<bool>* stop = nullptr);

}  // namespace ddpg
