// A copy of a task in another process, as an environment.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "actors/rounds_elsewhere.h"
#include "envs/stepped_together.h"

namespace ddpg {

class RemoteEnvironment final : public Environment, public SteppedTogether {
 public:
  RemoteEnvironment(std::shared_ptr<RoundsElsewhere> rounds, Specification specification, int copy)
      : rounds_(std::move(rounds)),
        specification_(std::move(specification)),
        copy_(copy),
        metrics_(specification_.metric_names.size()) {}

  const Specification& specification() const override { return specification_; }
  void play(std::span<const float> actions) override { rounds_->play(actions); }
  Autoreset autoreset() const override { return Autoreset::same_step; }
  bool keeps_time_limit() const override { return true; }  // make_environment() made it, in the other process
  void reset(RandomStream& random, std::span<double> observation) override {
    rounds_->reset(copy_, random, observation);
  }
  StepResult step(std::span<const float>, std::span<double> observation) override {
    return rounds_->followed(copy_, observation, metrics_);
  }
  void set_purpose(Purpose purpose) override { rounds_->set_purpose(copy_, purpose); }
  void metrics(std::span<double> values) const override { std::ranges::copy(metrics_, values.begin()); }
  std::vector<double> save_state() const override { return rounds_->save_state(copy_); }
  void restore_state(std::span<const double> state) override { rounds_->restore_state(copy_, state); }

 private:
  std::shared_ptr<RoundsElsewhere> rounds_;
  Specification specification_;
  int copy_;
  std::vector<double> metrics_;
};

}  // namespace ddpg
