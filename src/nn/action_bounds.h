// The map between tanh's (-1, 1) and each action dimension's own bounds, asymmetric and unequal ones included.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

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
  // and back, [low, high] to [-1, 1]. With bounds of +-1 both are the action itself, to the bit. Where the bounds leave
  // no choice it is 0.
  float unscale(std::size_t i, float action) const {
    if (!(half_range[i] > 0)) return 0;
    return std::clamp((action - centre[i]) / half_range[i], -1.0f, 1.0f);
  }

  // An action that unscale() takes to exactly this u, which it once gave; the rounding of scale() may miss by a few
  // steps, and an action that lay beyond a bound counts as that bound.
  float action_of(std::size_t i, float u) const {
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    float up = std::fma(half_range[i], u, centre[i]), down = up;
    for (int step = 0; step < 16; step++) {
      if (unscale(i, up) == u) return up;
      if (unscale(i, down) == u) return down;
      up = std::nextafter(up, kInfinity);
      down = std::nextafter(down, -kInfinity);
    }
    return scale(i, u);
  }

  std::vector<float> low, high, centre, half_range;
};

}  // namespace ddpg
