// The arithmetic that the plain loops share (kernels_reference.cpp, distributions.cpp); the vector kernels have the
// same in lanes-inl.h. Never changed for speed: it is the definition.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include "nn/distributions.h"
#include "nn/panels.h"

namespace ddpg {

inline float bits_to_float(std::int32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// e^x for x in about [-80, 80] as power * (1 + rest): x = n ln 2 + r, power = 2^n, rest = e^r - 1 by Taylor.
struct ExpParts {
  float power, rest;
};
inline ExpParts exp_parts(float x) {
  const float rounder = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
  const float n = std::fma(x, 1.44269504f, rounder) - rounder;
  const float r = std::fma(n, 1.90465421e-9f, std::fma(n, -0.693147182f, x));  // ln 2 = 0.693147182... - 1.90465...e-9
  float p = std::fma(r, 1.0f / 5040, 1.0f / 720);
  p = std::fma(p, r, 1.0f / 120);
  p = std::fma(p, r, 1.0f / 24);
  p = std::fma(p, r, 1.0f / 6);
  p = std::fma(p, r, 0.5f);
  p = std::fma(p * r, r, r);
  return {bits_to_float((static_cast<std::int32_t>(n) + 127) << 23), p};
}

inline float exp_minus_one(float x) {
  if (std::isnan(x)) return x;  // has no integer to become
  const auto [power, rest] = exp_parts(x);
  return std::fma(power, rest, power - 1.0f);
}

// e^x for x <= 0
inline float exponential(float x) {
  if (std::isnan(x)) return x;
  const auto [power, rest] = exp_parts(x < kLeastExponent ? kLeastExponent : x);
  return std::fma(power, rest, power);
}

// The tree: i + (i + 8), i + (i + 4), i + (i + 2), 0 + 1.
inline float tree_sum(const float lanes[kPanel]) {
  float sum[kPanel / 2];
  for (int i = 0; i < 8; i++) sum[i] = lanes[i] + lanes[i + 8];
  for (int half = 4; half >= 1; half /= 2)
    for (int i = 0; i < half; i++) sum[i] = sum[i] + sum[i + half];
  return sum[0];
}

// Sum of f(column, sum so far) along a row: 16 lanes and the tree. Lanes beyond the width do not count.
template <class F>
float row_sum(int width, F f) {
  float lanes[kPanel] = {};
  for (int c = 0; c < width; c++) lanes[c % kPanel] = f(c, lanes[c % kPanel]);
  return tree_sum(lanes);
}

}  // namespace ddpg
