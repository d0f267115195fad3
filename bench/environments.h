// Environment steps, with random actions.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bench/benchmarks.h"
#include "ddpg/environment.h"

namespace ddpg {

// Plays a task with actions that are uniform within their bounds and were drawn beforehand.
class EnvironmentLoop {
 public:
  static constexpr int kSteps = 1000;  // that have actions of their own

  explicit EnvironmentLoop(const std::string& task);

  // One step; true at the end of the episode, after which comes begin_episode().
  bool step();
  void begin_episode();

  // The actions of the `steps` steps before the next one.
  std::span<const float> actions_before(int steps) const;
  std::vector<double> state() const { return environment_->save_state(); }
  const Specification& specification() const { return environment_->specification(); }
  // Steps until those with the first action come round again.
  int steps_of_this_round() const { return kSteps - next_; }

 private:
  std::unique_ptr<Environment> environment_;
  RandomStream random_;
  std::vector<double> observation_;
  std::vector<float> actions_;  // [kSteps, action_size]
  int next_ = 0;
};

BenchmarkResult benchmark_environment(const std::string& name, const std::string& task, const BenchmarkOptions& bench);

// A task on MuJoCo beside its bare physics (bare_loop.h), which plays the same steps.
BenchmarkResult benchmark_mujoco_task(const std::string& name, const std::string& task, const BenchmarkOptions& bench);

}  // namespace ddpg
