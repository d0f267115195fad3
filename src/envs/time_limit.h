// Cuts episodes at the time limit of the specification. The cut is a truncation: the task did not end, so the value of
// the last observation still counts. As in Gymnasium's TimeLimit, the last step may be truncated and terminated at
// once. Sizes are checked here too: what make_environment() gives can be called by anybody.
#pragma once

#include <memory>
#include <vector>

#include "envs/wrapper.h"

namespace ddpg {

class TimeLimit final : public Wrapper {
 public:
  /// `environment` must have a time limit of at least one step.
  explicit TimeLimit(std::unique_ptr<Environment> environment);

  void reset(RandomStream& random, std::span<double> observation) override;
  StepResult step(std::span<const float> action, std::span<double> observation) override;
  /// The state of the environment inside, and after it the steps played in this episode, 0 to the limit.
  std::vector<double> save_state() const override;
  void restore_state(std::span<const double> state) override;
  std::optional<Carried> carried() const override { return Carried{}; }

 private:
  void check_sizes(std::size_t action, std::size_t observation) const {
    if (action != action_size_ || observation != observation_size_) [[unlikely]]
      refuse_sizes(action, observation);
  }
  [[noreturn, gnu::cold, gnu::noinline]] void refuse_sizes(std::size_t action, std::size_t observation) const;

  std::size_t action_size_, observation_size_;
  int limit_;
  int elapsed_ = 0;
};

}  // namespace ddpg
