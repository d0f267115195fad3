// Where an environment writes an observation: what it leaves out is NaN, which its reader finds, and what it writes
// beyond the end lands in a number that nobody may touch. Not here: which numbers are good; their reader says that.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ddpg/environment.h"

namespace ddpg {

class ObservationRoom {
 public:
  explicit ObservationRoom(int size = 0) : room_(static_cast<std::size_t>(size) + 1, kUntouched) {}

  std::span<double> numbers() { return std::span(room_).first(room_.size() - 1); }
  std::span<const double> numbers() const { return std::span(room_).first(room_.size() - 1); }
  // NaN everywhere: for the environment to write into. Then check().
  std::span<double> cleared();
  // Throws UsageError where the environment has written more than the numbers of its observation.
  void check(const Environment& environment) const {
    if (room_.back() != kUntouched) [[unlikely]]
      refuse(environment);
  }

 private:
  static constexpr double kUntouched = 0x1.5ca1ab1ep77;
  [[noreturn, gnu::cold, gnu::noinline]] void refuse(const Environment& environment) const;

  std::vector<double> room_;  // the observation, and one number more
};

}  // namespace ddpg
