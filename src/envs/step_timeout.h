// An environment whose steps must come back in time: a simulator that hangs becomes an error that names the step, and a
// training that can be resumed.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "ddpg/environment.h"

namespace ddpg {

/// Each step and reset of the environment inside runs on a thread of its own, for which the caller waits. Once one has
/// not come back the object is of no more use: every call throws. The environment is destroyed with this object; while
/// a step hangs, its thread is left to itself with the environment, which is destroyed if it comes back.
class StepTimeout final : public Environment {
 public:
  /// `seconds` > 0 for one step or reset.
  StepTimeout(std::unique_ptr<Environment> environment, double seconds);
  ~StepTimeout() override;

  const Specification& specification() const override { return specification_; }
  /// Throws Error naming the environment and the step when it does not come back in time.
  void reset(RandomStream& random, std::span<double> observation) override;
  StepResult step(std::span<const float> action, std::span<double> observation) override;
  void set_purpose(Purpose purpose) override;
  void metrics(std::span<double> values) const override;
  std::vector<double> save_state() const override;
  void restore_state(std::span<const double> state) override;
  std::vector<std::string> cameras() const override;
  /// Throws Error once a step has not come back.
  Environment& inside() const;

 protected:
  void draw_state(Picture& picture, const std::string& camera) const override;

 private:
  struct Worker;
  void wait();

  Specification specification_;
  std::shared_ptr<Worker> worker_;  // shared with its thread, which may outlive this
  std::thread thread_;
  double seconds_;
  std::int64_t step_ = 0;  // in this episode
  bool hung_ = false;
};

}  // namespace ddpg
