// What a policy does beside its network: the wrappers that its file carries, as they were in training
// (docs/wrappers.md). Takes its memory once.
#pragma once

#include <cstddef>

#include "deploy/texts.h"
#include "deploy/view.h"

namespace ddpg::deploy {

class Wrapping {
 public:
  // False when there is not enough memory. Once only; then an episode has begun.
  bool build(const PolicyView& view) noexcept;

  bool any() const noexcept { return count_ > 0; }
  int sensor_size() const noexcept { return sensor_size_; }
  // Where number `i` of the robot's own observation stands in the newest one that the network takes.
  int place_of(int i) const noexcept;

  // An episode begins.
  void reset() noexcept;
  // What the network takes for these sensors [sensor_size]. Changes nothing that is remembered.
  template <class Number>
  const double* observe(const Number* sensors) noexcept;
  // The network's answer to that becomes what is played, and all is remembered.
  void act(float* action) noexcept;

 private:
  struct Level {
    CarriedWrapper wrapper;
    std::ptrdiff_t in = 0, out = 0;  // numbers of the observations on both sides
    double* observed = nullptr;      // [out]
    std::ptrdiff_t remembered = 0;
    double* memory = nullptr;  // [remembered]
  };

  void observe(Level& level, const double* x) noexcept;
  void remember(Level& level, float* action) noexcept;

  int sensor_size_ = 0, count_ = 0;
  std::ptrdiff_t action_size_ = 0;
  Level levels_[kMostWrappers];
  Array<double> numbers_;
  Array<float> low_, high_;    // [action_size]
  double* sensors_ = nullptr;  // [sensor_size]
  bool begun_ = false;         // a step of the episode was made
};

template <class Number>
const double* Wrapping::observe(const Number* sensors) noexcept {
  for (int i = 0; i < sensor_size_; i++) sensors_[i] = static_cast<double>(sensors[i]);
  const double* x = sensors_;
  for (int i = 0; i < count_; i++) {
    observe(levels_[i], x);
    x = levels_[i].observed;
  }
  return x;
}

}  // namespace ddpg::deploy
