#include "report/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/numbers.h"

namespace ddpg {
namespace {

constexpr double kLargest = 1e100;  // beyond, a figure would show nothing anyway; so that differences stay finite

double round_step(double range, int wanted) {
  const double rough = range / std::max(1, wanted);
  const double power = std::pow(10, std::floor(std::log10(rough)));
  const double factor = rough / power;
  return power * (factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10);
}

int decimals_of(double step) {
  return std::clamp(static_cast<int>(-std::floor(std::log10(step) + 1e-9)), 0, 12);
}

void order(double& low, double& high) {
  low = std::clamp(low, -kLargest, kLargest);
  high = std::clamp(high, -kLargest, kLargest);
  if (low > high) std::swap(low, high);
  const double size = std::max(std::fabs(low), std::fabs(high));
  if (high - low >= size * 1e-9 + 1e-12) return;
  const double half = size < 1e-11 ? 0.5 : 0.05 * size;
  low -= half;
  high += half;
}

std::string label_of(double value, double step) {
  if (std::fabs(value) < step * 1e-6) return "0";
  if (step < 1e-3 || std::fabs(value) >= 1e7)
    return fmt::format("{}{:.3g}", value < 0 ? "\u2212" : "", std::fabs(value));
  return with_decimals(value, decimals_of(step));
}

}  // namespace

double Axis::share(double value) const {
  if (!logarithmic) return (value - low) / (high - low);
  return std::log(value / low) / std::log(high / low);
}

Axis linear_axis(double low, double high, int wanted) {
  order(low, high);
  const double step = round_step(high - low, wanted);
  Axis axis{low, high, false, {}};
  const double first = std::ceil(low / step - 1e-6);
  for (int i = 0; i < 100; i++) {
    const double value = (first + i) * step;
    if (value > high + step * 1e-6) break;
    axis.ticks.push_back({value, label_of(value, step)});
  }
  return axis;
}

Axis logarithmic_axis(double low, double high, int wanted) {
  low = std::clamp(low, 1e-100, kLargest);
  high = std::clamp(high, low, kLargest);
  if (high < 1.5 * low) {
    low /= 1.5;
    high *= 1.5;
  }
  Axis axis{low, high, true, {}};
  const double decades = std::log10(high / low);
  const std::vector<int> factors = decades < 1   ? std::vector{1, 2, 5}
                                   : decades < 2 ? std::vector{1, 3}
                                                 : std::vector{1};
  const int apart = std::max(1, static_cast<int>(std::ceil(decades / std::max(1, wanted))));
  for (int power = static_cast<int>(std::floor(std::log10(low))); power <= std::log10(high); power++) {
    for (int factor : factors) {
      const double value = factor * std::pow(10, power);
      if (value < low * 0.999 || value > high * 1.001 || power % apart != 0) continue;
      const bool plain = power >= -3 && power <= 5;
      axis.ticks.push_back(
          {value, plain ? with_decimals(value, std::max(0, -power)) : fmt::format("{}e{}", factor, power)});
    }
  }
  return axis;
}

Axis step_axis(double low, double high, int wanted) {
  struct Unit {
    double size;
    const char* name;
  };
  Axis axis = linear_axis(low, high, wanted);
  const double largest = axis.ticks.empty() ? high : axis.ticks.back().value;
  const Unit unit = largest >= 1e9   ? Unit{1e9, "G"}
                    : largest >= 1e6 ? Unit{1e6, "M"}
                    : largest >= 1e4 ? Unit{1e3, "k"}
                                     : Unit{1, ""};
  for (Tick& tick : axis.ticks) {
    const double value = tick.value / unit.size;
    tick.label = value == 0 ? "0"
                            : with_decimals(value, value == std::floor(value)             ? 0
                                                   : value * 10 == std::floor(value * 10) ? 1
                                                                                          : 2) +
                                  unit.name;
  }
  return axis;
}

}  // namespace ddpg
