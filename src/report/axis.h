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

/// About `wanted` ticks at multiples of 1, 2 or 5 times a power of ten, over exactly [low, high], which need not be in
/// order; a stretch of no length gets one.
Axis linear_axis(double low, double high, int wanted);
/// Ticks at powers of ten, and at 2 and 5 times them where there are few, over [low, high] > 0.
Axis logarithmic_axis(double low, double high, int wanted);
/// An axis of environment steps, its labels short and all alike: "0", "5k", "10k".
Axis step_axis(double low, double high, int wanted);

}  // namespace ddpg
