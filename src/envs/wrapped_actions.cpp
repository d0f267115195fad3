// Wrappers of what is done: repetition, delay, a low-pass.
#include <algorithm>
#include <cmath>
#include <utility>

#include "envs/stateful_wrapper.h"
#include "envs/wrappers.h"
#include "support/math.h"

namespace ddpg {
namespace {

// memory, where there is a time limit: the steps of the environment inside, which that limit counts. The figures of a
// step are sums, as its reward is, so that the terms of a reward still add up to it; they are not in the memory, since
// each is of one whole step.
class ActionRepeat final : public StatefulWrapper {
 public:
  ActionRepeat(EnvironmentPointer inside, int steps)
      : StatefulWrapper(std::move(inside)),
        steps_(steps),
        limit_(specification_.time_limit),
        measured_(specification_.metric_names.size()),
        sums_(measured_.size(), kNaN) {
    specification_.time_limit = limit_ / steps + (limit_ % steps > 0 ? 1 : 0);
    specification_.control_period *= steps;
    specification_.goals = {};  // a reward is the sum of several steps
    memory_.resize(limit_ > 0 ? 1 : 0);
  }

  void reset(RandomStream& random, std::span<double> observation) override {
    inside().reset(random, observation);
    std::ranges::fill(memory_, 0);
  }
  StepResult step(std::span<const float> action, std::span<double> observation) override {
    StepResult all;
    std::ranges::fill(sums_, kNaN);
    for (int i = 0; i < steps_ && !all.terminated && !all.truncated; i++) {
      const StepResult one = inside().step(action, observation);
      if (one.broke_down) return one;
      measure();
      const bool last = limit_ > 0 && ++memory_[0] >= limit_;
      all = {all.reward + one.reward, one.terminated, one.truncated || last};
    }
    return all;
  }
  void metrics(std::span<double> values) const override { std::ranges::copy(sums_, values.begin()); }

 private:
  // Of those steps that a figure was measured in.
  void measure() {
    if (measured_.empty()) return;
    inside().metrics(measured_);
    for (std::size_t i = 0; i < sums_.size(); i++)
      if (!std::isnan(measured_[i])) sums_[i] = std::isnan(sums_[i]) ? measured_[i] : sums_[i] + measured_[i];
  }
  void check_memory(std::span<const double> memory) const override {
    if (limit_ > 0 && !(memory[0] >= 0 && memory[0] <= limit_))
      throw Error(
          fmt::format("[{}] the steps in a state: expected 0 to {}, found {}", specification_.name, limit_, memory[0]));
  }

  int steps_, limit_;
  std::vector<double> measured_, sums_;  // the figures of a step inside; of one here
};

// memory: the delay of this episode, then the actions that have not been played, the newest first.
class ActionDelay final : public StatefulWrapper {
 public:
  ActionDelay(EnvironmentPointer inside, DelayRange delay)
      : StatefulWrapper(std::move(inside)), delay_(delay), played_(action_size()) {
    memory_.resize(1 + static_cast<std::size_t>(delay.high + 1) * action_size());
    memory_[0] = delay.low;
  }

  void reset(RandomStream& random, std::span<double> observation) override {
    inside().reset(random, observation);
    memory_[0] = delay_.low + static_cast<int>(random.below(static_cast<std::uint64_t>(delay_.high - delay_.low) + 1));
    for (std::size_t i = 1; i < memory_.size(); i++) memory_[i] = rest((i - 1) % action_size());
  }
  StepResult step(std::span<const float> action, std::span<double> observation) override {
    std::copy_backward(memory_.begin() + 1, memory_.end() - static_cast<std::ptrdiff_t>(action_size()), memory_.end());
    std::copy(action.begin(), action.end(), memory_.begin() + 1);
    const std::size_t from = 1 + static_cast<std::size_t>(memory_[0]) * action_size();
    for (std::size_t i = 0; i < played_.size(); i++) played_[i] = static_cast<float>(memory_[from + i]);
    return inside().step(played_, observation);
  }

 private:
  void check_memory(std::span<const double> memory) const override { check_delay(memory[0], delay_.low, delay_.high); }

  DelayRange delay_;
  std::vector<float> played_;
};

// memory: what was played last.
class LowPass final : public StatefulWrapper {
 public:
  LowPass(EnvironmentPointer inside, double share)
      : StatefulWrapper(std::move(inside)), share_(share), played_(action_size()) {
    memory_.resize(action_size());
  }

  void reset(RandomStream& random, std::span<double> observation) override {
    inside().reset(random, observation);
    for (std::size_t i = 0; i < memory_.size(); i++) memory_[i] = rest(i);
  }
  StepResult step(std::span<const float> action, std::span<double> observation) override {
    for (std::size_t i = 0; i < memory_.size(); i++) {
      memory_[i] += share_ * (static_cast<double>(action[i]) - memory_[i]);
      played_[i] =
          std::clamp(static_cast<float>(memory_[i]), specification_.action_low[i], specification_.action_high[i]);
    }
    return inside().step(played_, observation);
  }
  std::optional<Carried> carried() const override { return Carried{Carried::Kind::low_pass, 0, share_}; }

 private:
  double share_;
  std::vector<float> played_;
};

}  // namespace

EnvironmentPointer repeat_actions(EnvironmentPointer inside, int steps) {
  return std::make_unique<ActionRepeat>(std::move(inside), steps);
}

EnvironmentPointer delay_actions(EnvironmentPointer inside, DelayRange delay) {
  return std::make_unique<ActionDelay>(std::move(inside), delay);
}

EnvironmentPointer filter_actions(EnvironmentPointer inside, double share) {
  return std::make_unique<LowPass>(std::move(inside), share);
}

}  // namespace ddpg
