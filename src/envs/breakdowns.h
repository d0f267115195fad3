// An environment whose failures end an episode and not the training: on_breakdown = "end_episode".
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "envs/wrapper.h"

namespace ddpg {

/// What went wrong: how often, and how the last time.
struct Breakdowns {
  struct Kind {
    std::int64_t count = 0;
    std::string last{};
  };
  Kind ended{};   ///< episodes
  Kind starts{};  ///< of episodes, which were then tried again
};

/// What went wrong in the environments of one training, all of them together.
class BreakdownLog {
 public:
  void add(const std::string& what);
  /// Of an episode that was begun anew because its start failed.
  void add_start(const std::string& what);
  /// What another log has taken.
  void add(const Breakdowns& elsewhere);
  /// What there was since it was last asked.
  Breakdowns take_counts();
  /// The same as a text: "2 episodes were ended by a breakdown, the last one: ..."; "" where there was none.
  std::string take();

 private:
  std::mutex mutex_;
  Breakdowns since_;
};

/// Episodes in a row that broke down in their first step. Of these nothing can be learnt and none counts as a step, so
/// that a training with nothing else in it would never end, and never say why.
class FirstStepBreakdowns {
 public:
  void begin_episode() { first_ = true; }
  void step_came_back() {
    first_ = false;
    in_a_row_ = 0;
  }
  /// Throws NeverSteps once there were so many; an exception that is being handled is nested in it. `what`: of it.
  void step_broke_down(const Environment& environment, const std::string& what = "");

 private:
  static constexpr int kMost = 100;

  int in_a_row_ = 0;
  bool first_ = false;  // no step has come back in this episode
};

/// What step() throws becomes StepResult::broke_down. A step that broke down has the observation from before. Where
/// reset() throws, another object takes the place of this one and tries again, from the same draws and then from
/// others. A UsageError is no breakdown, nor is what the very first reset() throws: there is nothing yet that is worth
/// going on with.
class EndsOnBreakdown final : public Wrapper {
 public:
  using Make = std::function<std::unique_ptr<Environment>()>;

  /// `make` is called where the environment cannot begin another episode, as after a step that has not come back; on
  /// the thread that asked for the episode.
  EndsOnBreakdown(std::unique_ptr<Environment> inside, Make make, std::shared_ptr<BreakdownLog> log);

  void set_purpose(Purpose purpose) override;
  void reset(RandomStream& random, std::span<double> observation) override;
  StepResult step(std::span<const float> action, std::span<double> observation) override;
  void restore_state(std::span<const double> state) override;
  std::optional<Carried> carried() const override { return Carried{}; }

 private:
  static constexpr int kMostTries = 10;

  void begin(int tries, RandomStream& random, std::span<double> observation);
  StepResult broken_down(std::span<double> observation) const;

  Make make_;
  std::shared_ptr<BreakdownLog> log_;
  Purpose purpose_ = Purpose::training;
  std::vector<double> last_;
  FirstStepBreakdowns first_steps_;
  bool broken_ = false;  // since the last reset
  bool begun_ = false;   // it has begun an episode once
};

}  // namespace ddpg
