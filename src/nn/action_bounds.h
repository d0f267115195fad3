// The map between tanh's (-1, 1) and each action dimension's own bounds, asymmetric and unequal ones included.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "nn/panels.h"

namespace ddpg {

struct ActionBounds {
  ActionBounds(std::vector<float> lower, std::vector<float> upper) : low(std::move(lower)), high(std::move(upper)) {
    for (std::size_t i = 0; i < low.size(); i++) {
      centre.push_back(0.5f * low[i] + 0.5f * high[i]);
      half_range.push_back(0.5f * high[i] - 0.5f * low[i]);
    }
  }

  float clip(std::size_t i, float action) const { return std::clamp(action, low[i], high[i]); }
  // u in [-1, 1] to [low, high]
  float scale(std::size_t i, float u) const { return clip(i, std::fma(half_range[i], u, centre[i])); }
  // actions [rows, action_size] = scale(u [rows, action_size])
  void scale(ConstPanels u, Panels actions) const {
    for (int r = 0; r < u.rows; r++)
      for (int c = 0; c < u.width; c++) actions.at(r, c) = scale(static_cast<std::size_t>(c), u.at(r, c));
  }

  std::vector<float> low, high, centre, half_range;
};

}  // namespace ddpg
