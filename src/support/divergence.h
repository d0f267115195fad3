// The one failure that comes again: the same seed gives the same bits, so a training whose numbers stopped being finite
// stops there each time.
#pragma once

#include <cmath>
#include <exception>

#include "ddpg/error.h"

namespace ddpg {

/// A number of a training or of its environment is not finite, or the physics broke down.
class Divergence : public Error {
 public:
  using Error::Error;
};

/// Whether `value` can be stored and learnt from, which is done in float.
inline bool finite_as_float(double value) {
  return std::isfinite(static_cast<float>(value));
}

/// Whether `error` is one, or one is nested in it.
inline bool is_divergence(const std::exception& error) {
  if (dynamic_cast<const Divergence*>(&error)) return true;
  try {
    std::rethrow_if_nested(error);
  } catch (const std::exception& inside) {
    return is_divergence(inside);
  } catch (...) {
  }
  return false;
}

}  // namespace ddpg
