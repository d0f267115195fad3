// How a training fails by its numbers or by its world, told apart by type: the same seed gives the same bits, so some
// failures come again at the same place when it is resumed, and others need not.
#pragma once

#include <cmath>
#include <exception>

#include "ddpg/error.h"

namespace ddpg {

/// A number of a training or of its environment is not finite, or the physics broke down: that comes again.
class Divergence : public Error {
 public:
  using Error::Error;
};

/// A step of the environment did not come back in time: another time it may.
class TimedOut : public Error {
 public:
  using Error::Error;
};

/// A step of the environment threw: a world that is only a program does so again, another need not.
class EnvironmentFailure : public Error {
 public:
  using Error::Error;
};

/// Episodes break down in their first step, one after the other: to end them there, as on_breakdown does, is no help.
class NeverSteps : public Error {
 public:
  using Error::Error;
};

/// Whether `value` can be stored and learnt from, which is done in float.
inline bool finite_as_float(double value) {
  return std::isfinite(static_cast<float>(value));
}

/// Whether `error` is one of that kind, or one is nested in it.
template <class Kind>
bool is_a(const std::exception& error) {
  if (dynamic_cast<const Kind*>(&error)) return true;
  try {
    std::rethrow_if_nested(error);
  } catch (const std::exception& inside) {
    return is_a<Kind>(inside);
  } catch (...) {
  }
  return false;
}

}  // namespace ddpg
