// The carried wrappers at work: see wrapping.h. Each does what the wrapper of its name does in training (src/envs),
// with the same roundings.
#include "deploy/wrapping.h"

#include <algorithm>
#include <utility>

namespace ddpg::deploy {
namespace {

// What stands for an action where none was given yet: 0, or the bound that is nearest to it.
double rest(float low, float high) noexcept {
  return static_cast<double>(std::clamp(0.0f, low, high));
}

}  // namespace

bool Wrapping::build(const PolicyView& view) noexcept {
  sensor_size_ = view.sensor_size();
  action_size_ = view.action_size;
  count_ = view.wrappers_count;
  if (!any()) return true;
  int size = sensor_size_;
  std::ptrdiff_t total = sensor_size_;
  for (int i = 0; i < count_; i++) {
    Level& level = levels_[i];
    level.wrapper = view.wrapper_list[i];
    level.in = size;
    level.out = size = size_behind(level.wrapper, size, view.action_size);
    level.remembered = remembered_by(level.wrapper, size, view.action_size);
    total += level.out + level.remembered;
  }
  const auto actions = static_cast<std::uint64_t>(action_size_);
  if (!make(numbers_, static_cast<std::uint64_t>(total)) || !make(low_, actions) || !make(high_, actions)) return false;
  for (std::uint64_t i = 0; i < actions; i++) low_[i] = view.low[i], high_[i] = view.high[i];
  double* next = numbers_.get();
  sensors_ = std::exchange(next, next + sensor_size_);
  for (int i = 0; i < count_; i++) {
    levels_[i].observed = std::exchange(next, next + levels_[i].out);
    levels_[i].memory = std::exchange(next, next + levels_[i].remembered);
  }
  reset();
  return true;
}

int Wrapping::place_of(int i) const noexcept {
  std::ptrdiff_t place = i;
  for (int k = 0; k < count_; k++)
    if (levels_[k].wrapper.kind == WrapperKind::frame_stack) place += levels_[k].out - levels_[k].in;
  return static_cast<int>(place);
}

void Wrapping::reset() noexcept {
  begun_ = false;
  for (int k = 0; k < count_; k++) {
    Level& level = levels_[k];
    std::fill_n(level.memory, level.remembered, 0.0);
    if (level.wrapper.kind != WrapperKind::low_pass) continue;
    for (std::ptrdiff_t i = 0; i < action_size_; i++) level.memory[i] = rest(low_[i], high_[i]);
  }
}

void Wrapping::observe(Level& level, const double* x) noexcept {
  switch (level.wrapper.kind) {
    case WrapperKind::time_left:
      std::copy_n(x, level.in, level.observed);
      level.observed[level.in] = 1 - level.memory[0] / level.wrapper.count;
      return;
    case WrapperKind::last_actions:
      std::copy_n(x, level.in, level.observed);
      std::copy_n(level.memory, level.remembered, level.observed + level.in);
      return;
    case WrapperKind::frame_stack:
      if (begun_)
        std::copy_n(level.memory + level.in, level.out - level.in, level.observed);
      else
        for (std::ptrdiff_t at = 0; at < level.out - level.in; at += level.in)
          std::copy_n(x, level.in, level.observed + at);
      std::copy_n(x, level.in, level.observed + level.out - level.in);
      return;
    case WrapperKind::low_pass:
      std::copy_n(x, level.in, level.observed);
      return;
  }
}

void Wrapping::remember(Level& level, float* action) noexcept {
  switch (level.wrapper.kind) {
    case WrapperKind::time_left:
      level.memory[0]++;
      return;
    case WrapperKind::last_actions:
      std::copy_backward(level.memory, level.memory + level.remembered - action_size_, level.memory + level.remembered);
      for (std::ptrdiff_t i = 0; i < action_size_; i++) {
        const double low = static_cast<double>(low_[i]), high = static_cast<double>(high_[i]);
        level.memory[i] = (static_cast<double>(action[i]) - (low + high) / 2) / ((high - low) / 2);
      }
      return;
    case WrapperKind::frame_stack:
      std::copy_n(level.observed, level.out, level.memory);
      return;
    case WrapperKind::low_pass:
      for (std::ptrdiff_t i = 0; i < action_size_; i++) {
        // a compiler that may fuse a multiply and an add would round otherwise than training does
        volatile double change = level.wrapper.share * (static_cast<double>(action[i]) - level.memory[i]);
        level.memory[i] += change;
        action[i] = std::clamp(static_cast<float>(level.memory[i]), low_[i], high_[i]);
      }
      return;
  }
}

// An action goes from who acts to the world, so from the outermost wrapper inwards.
void Wrapping::act(float* action) noexcept {
  for (int k = count_ - 1; k >= 0; k--) remember(levels_[k], action);
  begun_ = true;
}

}  // namespace ddpg::deploy
