// An axis: the stretch of numbers it shows, its ticks at round ones, and where a number lies on it.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace ddpg {

struct Tick {
  double value = 0;
  std::string label;
};

struct Axis {
  double low = 0, high = 1;  ///< low < high; both > 0 when logarithmic
  bool logarithmic = false;
  std::vector<Tick> ticks;

  /// 0 at low, 1 at high.
  double share(double value) const;
};

/// About `wanted` ticks at multiples of 1, 2 or 5 times a power of ten, over [low, high], which need not be in order.
/// With `whole`, the axis reaches from tick to tick.
Axis linear_axis(double low, double high, int wanted, bool whole = true);
/// Ticks at powers of ten, over [low, high] > 0.
Axis logarithmic_axis(double low, double high, int wanted);
/// An axis of environment steps, from exactly low to exactly high.
Axis step_axis(double low, double high, int wanted);

}  // namespace ddpg
