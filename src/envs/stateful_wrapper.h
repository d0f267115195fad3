// A wrapper that remembers something: its numbers follow those of the environment inside.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "ddpg/error.h"
#include "envs/wrapper.h"

namespace ddpg {

class StatefulWrapper : public Wrapper {
 public:
  explicit StatefulWrapper(std::unique_ptr<Environment> inside)
      : Wrapper(std::move(inside)), specification_(Wrapper::specification()) {}

  const Specification& specification() const final { return specification_; }
  std::vector<double> save_state() const final {
    std::vector<double> state = inside().save_state();
    if (!state.empty()) state.insert(state.end(), memory_.begin(), memory_.end());
    return state;
  }
  void restore_state(std::span<const double> state) final {
    if (state.size() <= memory_.size())
      throw Error(fmt::format("[{}] a state has more than {} numbers, found {}", specification_.name, memory_.size(),
                              state.size()));
    const std::span<const double> memory = state.last(memory_.size());
    check_memory(memory);
    inside().restore_state(state.first(state.size() - memory_.size()));
    std::ranges::copy(memory, memory_.begin());
  }

 protected:
  // Throws Error when it could not remember these numbers; then nothing was put back.
  virtual void check_memory(std::span<const double>) const {}
  // For those that remember a delay.
  void check_delay(double delay, int low, int high) const {
    if (delay >= low && delay <= high && delay == std::floor(delay)) return;
    throw Error(fmt::format("[{}] the delay in a state: expected a whole number from {} to {}, found {}",
                            specification_.name, low, high, delay));
  }
  std::size_t action_size() const { return specification_.action_low.size(); }
  std::size_t observation_size() const { return static_cast<std::size_t>(specification_.observation_size); }
  // What stands for an action where none was given yet: 0, or the bound that is nearest to it.
  float rest(std::size_t i) const {
    return std::clamp(0.0f, specification_.action_low[i], specification_.action_high[i]);
  }

  Specification specification_;  // as it is seen from outside
  std::vector<double> memory_;   // everything that it remembers; its size does not change
};

}  // namespace ddpg
