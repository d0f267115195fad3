// The watchdog: see ddpg_policy/watchdog.h.
#include "ddpg_policy/watchdog.h"

#include <cmath>
#include <cstdio>
#include <new>

namespace ddpg::deploy {
namespace {

enum Vector { kLast, kWanted, kRate, kFallback, kVectors };

Status refusal(Code code, const char* what, const char* expected) noexcept {
  Status status;
  status.code = code;
  std::snprintf(status.message, sizeof status.message, "[watchdog] %s: expected %s", what, expected);
  return status;
}

bool within(const Policy& policy, std::span<const float> action) noexcept {
  for (std::size_t i = 0; i < action.size(); i++)
    if (!(action[i] >= policy.action_low()[i] && action[i] <= policy.action_high()[i])) return false;
  return true;
}

// The float nearest to x that is x or lies between it and `from`, which is a float.
float rounded_toward(float from, double x) noexcept {
  const float near = static_cast<float>(x);
  const double rounded = static_cast<double>(near), origin = static_cast<double>(from);
  const bool passed = origin < x ? rounded > x : rounded < x;
  return passed ? std::nextafter(near, from) : near;
}

bool all_positive(std::span<const float> values) noexcept {
  for (float value : values)
    if (!(value > 0)) return false;
  return true;
}

}  // namespace

Status Watchdog::start(Policy& policy, const WatchdogLimits& limits, double now,
                       std::span<const float> first) noexcept {
  if (!policy.loaded()) return refusal(Code::not_loaded, "policy", "a loaded one");
  const auto size = static_cast<std::size_t>(policy.action_size());
  for (std::span<const float> given : {limits.rate, limits.fallback, first})
    if (!given.empty() && given.size() != size)
      return refusal(Code::wrong_size, "rate, fallback or first action", "a number for each action dimension, or none");
  if (!(limits.stale_after >= 0)) return refusal(Code::invalid, "stale_after", "seconds >= 0");
  if (!all_positive(limits.rate)) return refusal(Code::invalid, "rate", "numbers > 0");
  if (!within(policy, limits.fallback) || !within(policy, first))
    return refusal(Code::invalid, "fallback or first action", "numbers within the policy's bounds");
  if (!std::isfinite(now)) return refusal(Code::not_finite, "now", "a finite time");
  std::unique_ptr<float[]> memory(new (std::nothrow) float[kVectors * size]());
  std::unique_ptr<double[]> positions(new (std::nothrow) double[size]());
  if (!memory || !positions) return refusal(Code::out_of_memory, "memory", "more");
  policy_ = &policy;
  policy.reset();
  memory_ = std::move(memory);
  positions_ = std::move(positions);
  size_ = static_cast<std::ptrdiff_t>(size);
  limited_ = !limits.rate.empty(), has_fallback_ = !limits.fallback.empty();
  stale_after_ = limits.stale_after, last_time_ = now;
  counts_ = {};
  for (std::size_t i = 0; i < size; i++) {
    const float middle = 0.5f * policy.action_low()[i] + 0.5f * policy.action_high()[i];
    vector(kLast)[i] = vector(kWanted)[i] = first.empty() ? middle : first[i];
    positions_[i] = static_cast<double>(vector(kLast)[i]);
    if (limited_) vector(kRate)[i] = limits.rate[i];
    if (has_fallback_) vector(kFallback)[i] = limits.fallback[i];
  }
  return {};
}

// action = wanted, as far as the rate allows from the last one; whether it was cut. The positions move in double
// precision: between large bounds a step of the rate is less than the distance of two floats.
bool Watchdog::limit(double seconds, const float* wanted, std::span<float> action) noexcept {
  bool cut = false;
  for (std::size_t i = 0; i < action.size(); i++) {
    float& last = vector(kLast)[i];
    double& position = positions_[i];
    const double change = static_cast<double>(wanted[i]) - position;
    const double most = limited_ ? static_cast<double>(vector(kRate)[i]) * seconds : std::fabs(change);
    if (std::fabs(change) > most) {
      position += change > 0 ? most : -most;
      last = rounded_toward(last, position);
      cut = true;
    } else {
      position = static_cast<double>(last = wanted[i]);
    }
    action[i] = last;
  }
  return cut;
}

std::uint32_t Watchdog::step(double now, std::span<const float> observation, double observed_at,
                             std::span<float> action) noexcept {
  if (!policy_ || action.size() != static_cast<std::size_t>(size_)) return kBadObservation;  // nothing to write to
  std::uint32_t found = kFine;
  // Time passes from the step before, wherever the clock was then: from the latest time ever seen, a clock that was set
  // back would stand still for as long as it was set back.
  const bool time = std::isfinite(now), backward = !time || now < last_time_;
  const double seconds = backward ? 0 : now - last_time_;
  if (backward) found |= kClockBackward;
  if (time) last_time_ = now;
  const double age = now - observed_at;
  if (!(age >= 0) || (stale_after_ > 0 && age > stale_after_)) found |= kStaleObservation;
  const std::span<float> wanted(vector(kWanted), action.size());
  const bool stale = (found & kStaleObservation) != 0;
  if (!stale && policy_->play(observation, wanted) != Code::ok) found |= kBadObservation;
  const bool lost = (found & (kStaleObservation | kBadObservation)) != 0;
  if (limit(seconds, lost && has_fallback_ ? vector(kFallback) : vector(kWanted), action)) found |= kRateLimited;
  counts_.steps++;
  counts_.bad += (found & kBadObservation) != 0;
  counts_.stale += (found & kStaleObservation) != 0;
  counts_.limited += (found & kRateLimited) != 0;
  counts_.backward += (found & kClockBackward) != 0;
  return found;
}

}  // namespace ddpg::deploy
