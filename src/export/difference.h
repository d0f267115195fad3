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

  // [action_size] each
  void add(std::span<const float> expected, std::span<const float> found) {
    add(std::vector<double>(expected.begin(), expected.end()), found);
  }
  void add(const std::vector<double>& expected, std::span<const float> found);
  ActionDifference result() const;

 private:
  std::vector<float> low_, high_;
  ActionDifference result_;
  double sum_ = 0;
};

}  // namespace ddpg
