#include "export/difference.h"

#include <cmath>

namespace ddpg {

void DifferenceMeter::add(std::span<const float> expected, std::span<const float> found) {
  for (std::size_t i = 0; i < expected.size(); i++) {
    const double difference = std::fabs(static_cast<double>(found[i]) - static_cast<double>(expected[i]));
    const double share = difference / (static_cast<double>(high_[i]) - low_[i]);
    // written so that NaN stays
    if (!(difference <= result_.largest)) result_.largest = difference;
    if (!(share <= result_.largest_share)) result_.largest_share = share;
    sum_ += share;
  }
  result_.observations++;
}

ActionDifference DifferenceMeter::result() const {
  ActionDifference result = result_;
  const double numbers = static_cast<double>(result.observations) * static_cast<double>(low_.size());
  result.mean_share = numbers > 0 ? sum_ / numbers : 0;
  if (std::isnan(sum_)) result.largest = result.largest_share = sum_;
  return result;
}

}  // namespace ddpg
