// A row of floats into panels.
#pragma once

#include <cstdint>
#include <cstring>

#include "nn/panels.h"

namespace ddpg {

// Of `width` floats, four at a time; what lies beyond the width is masked away (and may be read: the arrays that it is
// used on are longer than they need be).
class RowCopy {
 public:
  explicit RowCopy(int width) : whole_(width / kPanel), fours_((width % kPanel + 3) / 4) {
    for (int i = 0; i < kPanel; i++) mask_[i] = i < width % kPanel ? ~0u : 0u;
  }

  void operator()(const float* from, Panels to, int row) const {
    for (int p = 0; p < whole_; p++) std::memcpy(to.row(p, row), from + p * kPanel, sizeof(float) * kPanel);
    for (int four = 0; four < fours_; four++) {
      std::uint32_t bits[4];
      std::memcpy(bits, from + whole_ * kPanel + four * 4, sizeof bits);
      for (int i = 0; i < 4; i++) bits[i] &= mask_[four * 4 + i];
      std::memcpy(to.row(whole_, row) + four * 4, bits, sizeof bits);
    }
  }

 private:
  int whole_, fours_;  // panels, and groups of four floats after them
  std::uint32_t mask_[kPanel];
};

}  // namespace ddpg
