// A world of a user's own, for tests: it counts its objects, knows what it is used for, measures, and can fail.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "ddpg/environment.h"
#include "ddpg/error.h"
#include "ddpg/options.h"
#include "run/small_run.h"

namespace ddpg::testing {

// What the objects of one test share.
struct WorldLog {
  int made = 0, test_resets = 0, training_resets = 0;
  int fails_at = -1;  // that step of some episodes throws, or hangs
  bool hangs = false;
};

// A point that the action moves. It measures its distance, and how often it was pushed to the right.
class World final : public Environment {
 public:
  explicit World(std::shared_ptr<WorldLog> log) : log_(std::move(log)) {
    log_->made++;
    specification_ = {.name = "World-v0",
                      .observation_size = 1,
                      .action_low = {-1},
                      .action_high = {1},
                      .time_limit = 20,
                      .metric_names = {"distance", "right"}};
  }
  const Specification& specification() const override { return specification_; }
  void set_purpose(Purpose purpose) override { purpose_ = purpose; }
  void reset(RandomStream& random, std::span<double> observation) override {
    (purpose_ == Purpose::testing ? log_->test_resets : log_->training_resets)++;
    const double place = random.uniform(-1, 1);
    state_ = {place, 0, place > 0.3 ? 1.0 : 0.0, 0};
    observation[0] = state_[0];
  }
  StepResult step(std::span<const float> action, std::span<double> observation) override {
    if (++state_[1] == log_->fails_at && state_[2] == 1) {
      if (!log_->hangs) throw Error("the gears are stuck");
      std::this_thread::sleep_for(std::chrono::seconds(2));
    }
    state_[0] += 0.2 * action[0];
    state_[3] = action[0] > 0;
    observation[0] = state_[0];
    return {.reward = -state_[0] * state_[0]};
  }
  void metrics(std::span<double> values) const override {
    values[0] = std::abs(state_[0]);
    values[1] = state_[3];
  }
  std::vector<double> save_state() const override { return {state_.begin(), state_.end()}; }
  void restore_state(std::span<const double> state) override { std::copy(state.begin(), state.end(), state_.begin()); }

 private:
  std::shared_ptr<WorldLog> log_;
  Specification specification_;
  Purpose purpose_ = Purpose::training;
  std::array<double, 4> state_{};  // place, step, whether it may fail, pushed to the right
};

inline Options in_world(const std::shared_ptr<WorldLog>& log) {
  register_environment(
      {.name = "World-v0", .make = [log](const EnvironmentSettings&) { return std::make_unique<World>(log); }});
  Options options = small_run(300);
  options.environment = "World-v0";
  return options;
}

}  // namespace ddpg::testing
