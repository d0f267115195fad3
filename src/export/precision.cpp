#include "export/precision.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace ddpg {
namespace {

// From one float to the next, where x lies.
double step_of_floats(double x) {
  const float there = std::fabs(static_cast<float>(x));
  return static_cast<double>(std::nextafter(there, std::numeric_limits<float>::infinity())) -
         static_cast<double>(there);
}

}  // namespace

int lost_in_floats(const Policy::Content& content) {
  double most = 1e-4;
  int found = -1;
  for (std::size_t i = 0; i < content.mean.size(); i++) {
    const double lost = step_of_floats(content.mean[i]) / 2 / content.deviation[i];
    if (lost > most) most = lost, found = static_cast<int>(i);
  }
  return found;
}

std::string loss_in_words(const Policy::Content& content, int observation) {
  const auto i = static_cast<std::size_t>(observation);
  const std::string name =
      i < content.observation_names.size() ? fmt::format(" ({})", content.observation_names[i]) : "";
  return fmt::format(
      "observation[{}]{} lies at {:.3g} with a deviation of {:.3g}, and floats there have steps of {:.3g}", i, name,
      content.mean[i], content.deviation[i], step_of_floats(content.mean[i]));
}

}  // namespace ddpg
