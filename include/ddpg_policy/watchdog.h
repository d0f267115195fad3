// What stands between a policy and a motor: an action is given for every control step, whatever the sensors do. Reads
// no clock, so that it can be tested and simulated: times are given, in seconds of any clock that only goes forward.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "ddpg_policy/policy.h"

namespace ddpg::deploy {

/// What is allowed. Vectors have one number for each action dimension; an empty one stands for its default.
struct WatchdogLimits {
  double stale_after = 0;           ///< seconds after which an observation is too old to act on; 0: never
  std::span<const float> rate;      ///< largest change of each action in a second, > 0; default: no limit
  std::span<const float> fallback;  ///< action to go to when there is nothing to act on; default: the last good one
};

/// What a step found; several can hold at once.
enum Finding : std::uint32_t {
  kFine = 0,
  kBadObservation = 1,    ///< NaN, infinity, or a wrong number of numbers
  kStaleObservation = 2,  ///< older than stale_after, or from the future, or there never was one
  kRateLimited = 4,       ///< the action was not reached within the rate
  kClockBackward = 8,     ///< now is earlier than at the step before, or not finite; no time counts as passed
};

/// How often each was found, since start().
struct WatchdogCounts {
  std::uint64_t steps = 0, bad = 0, stale = 0, limited = 0, backward = 0;
};

class Watchdog {
 public:
  /// `policy` must outlive the watchdog, and begins an episode (Policy::reset). `now` and `first` begin the rate limit:
  /// the action that the machine is at; empty: the middle of the bounds. Takes all memory here. Not ok: wrong_size,
  /// invalid (a rate that is not > 0, a fallback or first action out of bounds, a stale_after below 0), not_loaded,
  /// out_of_memory.
  Status start(Policy& policy, const WatchdogLimits& limits, double now, std::span<const float> first = {}) noexcept;

  /// One control step at time `now`: acts (Policy::play) on the observation made at `observed_at`, and always writes an
  /// action within bounds and rate. The rate moves a position in double precision, and the action is the last float
  /// that the position has passed. With a bad or stale observation it goes to the fallback. Returns the findings.
  std::uint32_t step(double now, std::span<const float> observation, double observed_at,
                     std::span<float> action) noexcept;

  const WatchdogCounts& counts() const noexcept { return counts_; }

 private:
  float* vector(int i) noexcept { return memory_.get() + i * size_; }
  bool limit(double seconds, const float* wanted, std::span<float> action) noexcept;

  Policy* policy_ = nullptr;
  std::unique_ptr<float[]> memory_;      // last, wanted, rate, fallback: [4, action_size]
  std::unique_ptr<double[]> positions_;  // [action_size], as far as the rate has led
  std::ptrdiff_t size_ = 0;
  bool limited_ = false, has_fallback_ = false;
  double stale_after_ = 0, last_time_ = 0;
  WatchdogCounts counts_;
};

}  // namespace ddpg::deploy
