// The range of the targets y: what target critics say is cut to what was seen up to the targets' last copy (TD7,
// Fujimoto et al. 2023, "For SALE: state-action representation learning for deep reinforcement learning",
// arXiv:2306.02451, section 4.2, by the code published with it). Before the first copy it is 0 alone.
#pragma once

#include <limits>

#include "nn/panels.h"
#include "support/snapshot.h"

namespace ddpg {

class SeenRange {
 public:
  // What is not a number stays, so that it is found.
  float cut(float q) const { return q < low_ ? low_ : q > high_ ? high_ : q; }
  void see(ConstPanels y) {
    for (int r = 0; r < y.rows; r++) {
      if (y.at(r, 0) < least_) least_ = y.at(r, 0);
      if (y.at(r, 0) > greatest_) greatest_ = y.at(r, 0);
    }
  }
  void renew() { low_ = least_, high_ = greatest_; }

  void exchange(Snapshot& snapshot) {
    snapshot.value("low", low_);
    snapshot.value("high", high_);
    snapshot.value("least", least_);
    snapshot.value("greatest", greatest_);
  }

 private:
  float low_ = 0, high_ = 0;                                                   // in force
  float least_ = std::numeric_limits<float>::infinity(), greatest_ = -least_;  // seen so far
};

}  // namespace ddpg
