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
  for (double factor : {1.0, 2.0, 5.0}) {
    if (rough <= factor * power * 1.0001) return factor * power;
  }
  return 10 * power;
}

int decimals_of(double step) {
  return std::clamp(static_cast<int>(-std::floor(std::log10(step) + 1e-9)), 0, 12);
}

void order(double& low, double& high) {
  low = std::clamp(low, -kLargest, kLargest);
  high = std::clamp(high, -kLargest, kLargest);
  if (low > high) std::swap(low, high);
  const double least = std::max(std::fabs(low), std::fabs(high)) * 1e-9 + 1e-12;
  if (high - low >= least) return;
  const double half = std::max(std::fabs(low) * 0.05, 0.5 * (low == 0 ? 1 : std::fabs(low) * 0.1));
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

Axis linear_axis(double low, double high, int wanted, bool whole) {
  order(low, high);
  const double step = round_step(high - low, wanted);
  if (whole) {
    low = std::floor(low / step + 1e-6) * step;
    high = std::ceil(high / step - 1e-6) * step;
  }
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
  const int first = static_cast<int>(std::floor(std::log10(low) + 1e-9));
  const int last = std::max(first + 1, static_cast<int>(std::ceil(std::log10(high) - 1e-9)));
  Axis axis{std::pow(10, first), std::pow(10, last), true, {}};
  const int apart = (last - first + wanted - 1) / std::max(1, wanted);
  for (int power = first; power <= last; power += std::max(1, apart)) {
    const double value = std::pow(10, power);
    const bool plain = power >= -3 && power <= 5;
    axis.ticks.push_back({value, plain ? with_decimals(value, std::max(0, -power)) : fmt::format("1e{}", power)});
  }
  return axis;
}

Axis step_axis(double low, double high, int wanted) {
  Axis axis = linear_axis(low, high, wanted, false);
  for (Tick& tick : axis.ticks) tick.label = short_count(tick.value);
  return axis;
}

}  // namespace ddpg
