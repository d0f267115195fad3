// How far exported actions lie from the trained ones.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "ddpg/export.h"

namespace ddpg {

// Collects differences; a NaN among them stays.
class DifferenceMeter {
 public:
  DifferenceMeter(std::span<const float> low, std::span<const float> high)
      : low_(low.begin(), low.end()), high_(high.begin(), high.end()) {}

  void add(std::span<const float> expected, std::span<const float> found);  // [action_size] each
  ActionDifference result() const;

 private:
  std::vector<float> low_, high_;
  ActionDifference result_;
  double sum_ = 0;
};

}  // namespace ddpg
