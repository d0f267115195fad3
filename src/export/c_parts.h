// The C code of an exported header, as text: @name@ and @NAME@ stand for the prefix of its names. Not here: which parts
// a policy needs, and its numbers (c_header.cpp).
#pragma once

#include <string_view>

namespace ddpg::c_parts {

inline constexpr std::string_view kOpening = R"(#if defined(__FAST_MATH__)
#error "@name@: -ffast-math would change what this policy does; compile the file that includes it without"
#endif

// Where the constants lie: define it before the include to put them elsewhere, such as
//   #define @NAME@_CONST static const __attribute__((section(".flash2")))
#ifndef @NAME@_CONST
#define @NAME@_CONST static const
#endif

// a * b + c, rounded once, as in training: by the processor's own instruction, or through doubles. Without either it is
// quicker, and no longer the same to the last bit:
//   #define @NAME@_MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#ifndef @NAME@_MULTIPLY_ADD
#if defined(__FP_FAST_FMAF)
#define @NAME@_MULTIPLY_ADD(a, b, c) __builtin_fmaf((a), (b), (c))
#else
#define @NAME@_MULTIPLY_ADD(a, b, c) @name@_multiply_add((a), (b), (c))
static inline float @name@_multiply_add(float a, float b, float c) {
  const double product = (double)a * (double)b, addend = (double)c;  // exact
  const double sum = product + addend;
  const float rounded = (float)sum;
  const double rest = sum - (double)rounded;
  // in the middle of two floats, or rounded to it; not where a number is infinite
  if (rest != 0.0 && rest - rest == 0.0 && (double)(float)(sum + rest) == sum + rest) {
    const double part = sum - product, error = (product - (sum - part)) + (addend - part);
    if ((error > 0.0 && rest > 0.0) || (error < 0.0 && rest < 0.0)) return (float)(sum + rest);
  }
  return rounded;
}
#endif
#endif
)";

// Dense layers: y = W x + b, each output one chain of multiply-adds, four outputs at a time. An only output is summed
// in 16 lanes, as the kernels do.
inline constexpr std::string_view kDense = R"(
// y [out] = w [out, in] x [in] + b [out], where there is one
static inline void @name@_dense(const float *w, const float *b, const float *x, float *y, int in, int out) {
  const int fours = out - out % 4;
  int n, k;
  for (n = 0; n < fours; n += 4, w += 4 * in) {
    float s0 = b ? b[n] : 0.0f, s1 = b ? b[n + 1] : 0.0f, s2 = b ? b[n + 2] : 0.0f, s3 = b ? b[n + 3] : 0.0f;
    for (k = 0; k < in; k++) {
      s0 = @NAME@_MULTIPLY_ADD(x[k], w[k], s0);
      s1 = @NAME@_MULTIPLY_ADD(x[k], w[in + k], s1);
      s2 = @NAME@_MULTIPLY_ADD(x[k], w[2 * in + k], s2);
      s3 = @NAME@_MULTIPLY_ADD(x[k], w[3 * in + k], s3);
    }
    y[n] = s0, y[n + 1] = s1, y[n + 2] = s2, y[n + 3] = s3;
  }
  for (n = fours; n < out; n++, w += in) {
    float s = b ? b[n] : 0.0f;
    for (k = 0; k < in; k++) s = @NAME@_MULTIPLY_ADD(x[k], w[k], s);
    y[n] = s;
  }
}
)";

inline constexpr std::string_view kTree = R"(
// the sum of 16 lanes
static inline float @name@_lane_sum(float *lanes) {
  int half, i;
  for (half = 8; half >= 1; half /= 2)
    for (i = 0; i < half; i++) lanes[i] = lanes[i] + lanes[i + half];
  return lanes[0];
}
)";

inline constexpr std::string_view kDenseOne = R"(
// the same for an only output
static inline void @name@_dense_one(const float *w, const float *b, const float *x, float *y, int in) {
  float lanes[16] = {0}, sum;
  int k;
  for (k = 0; k < in; k++) lanes[k % 16] = @NAME@_MULTIPLY_ADD(x[k], w[k], lanes[k % 16]);
  sum = @name@_lane_sum(lanes);
  y[0] = b ? sum + b[0] : sum;
}
)";

inline constexpr std::string_view kDenseInt8 = R"(
// y [out] = scale [out] * (w [out, in] x [in]) + b [out], where there is one
static inline void @name@_dense(const signed char *w, const float *scale, const float *b, const float *x, float *y,
                              int in, int out) {
  const int fours = out - out % 4;
  int n, k;
  for (n = 0; n < fours; n += 4, w += 4 * in) {
    float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    for (k = 0; k < in; k++) {
      s0 = @NAME@_MULTIPLY_ADD(x[k], (float)w[k], s0);
      s1 = @NAME@_MULTIPLY_ADD(x[k], (float)w[in + k], s1);
      s2 = @NAME@_MULTIPLY_ADD(x[k], (float)w[2 * in + k], s2);
      s3 = @NAME@_MULTIPLY_ADD(x[k], (float)w[3 * in + k], s3);
    }
    y[n] = s0, y[n + 1] = s1, y[n + 2] = s2, y[n + 3] = s3;
  }
  for (n = fours; n < out; n++, w += in) {
    float s = 0;
    for (k = 0; k < in; k++) s = @NAME@_MULTIPLY_ADD(x[k], (float)w[k], s);
    y[n] = s;
  }
  for (n = 0; n < out; n++) y[n] = @NAME@_MULTIPLY_ADD(scale[n], y[n], b ? b[n] : 0.0f);
}
)";

inline constexpr std::string_view kExpMinusOne = R"(
// e^x - 1 for x in [-30, 20]: x = n ln 2 + r, and e^x - 1 = 2^n (e^r - 1) + (2^n - 1), with Taylor for e^r - 1; below 0
// |error| < 1e-7
static inline float @name@_exp_minus_one(float x) {
  const float rounder = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
  float shifted, n, r, p, power;
  int i;
  if (x != x) return x;
  shifted = @NAME@_MULTIPLY_ADD(x, 1.44269504f, rounder);
  n = shifted - rounder;
  r = @NAME@_MULTIPLY_ADD(n, -0.693147182f, x);
  r = @NAME@_MULTIPLY_ADD(n, 1.90465421e-9f, r);
  p = @NAME@_MULTIPLY_ADD(r, 1.0f / 5040, 1.0f / 720);
  p = @NAME@_MULTIPLY_ADD(p, r, 1.0f / 120);
  p = @NAME@_MULTIPLY_ADD(p, r, 1.0f / 24);
  p = @NAME@_MULTIPLY_ADD(p, r, 1.0f / 6);
  p = @NAME@_MULTIPLY_ADD(p, r, 0.5f);
  p = p * r;
  p = @NAME@_MULTIPLY_ADD(p, r, r);
  i = (int)n;
  if (i >= 0) power = (float)(1ul << i);
  else power = 1.0f / ((float)(1ul << (-i / 2)) * (float)(1ul << (-i - -i / 2)));
  return @NAME@_MULTIPLY_ADD(power, p, power - 1.0f);
}
)";

inline constexpr std::string_view kLayerNorm = R"(
// 1 / sqrt(x) for normal x > 0: x is brought into [0.5, 2] by powers of 4, and Newton's method begins at 1
static inline float @name@_inverse_root(float x) {
  float scale = 1.0f, r = 1.0f, root, rest;
  int i;
  while (x > 2.0f && x < 1e38f) x *= 0.25f, scale *= 0.5f;
  while (x < 0.5f && x > 1e-38f) x *= 4.0f, scale *= 2.0f;
  for (i = 0; i < 6; i++) r = r * (1.5f - 0.5f * x * r * r);
  root = x * r;
  rest = @NAME@_MULTIPLY_ADD(-root, root, x);
  root = @NAME@_MULTIPLY_ADD(0.5f * r, rest, root);  // the last bit
  return 1.0f / root * scale;
}

// layer normalisation of y [n] in its place
static inline void @name@_layer_norm(const float *gain, const float *shift, float *y, int n) {
  float sums[16] = {0}, squares[16] = {0}, mean, root;
  int i;
  for (i = 0; i < n; i++) sums[i % 16] = sums[i % 16] + y[i];
  mean = @name@_lane_sum(sums) / (float)n;
  for (i = 0; i < n; i++) {
    y[i] = y[i] - mean;
    squares[i % 16] = @NAME@_MULTIPLY_ADD(y[i], y[i], squares[i % 16]);
  }
  root = @name@_inverse_root(@name@_lane_sum(squares) / (float)n + @epsilon@);
  for (i = 0; i < n; i++) {
    const float x = y[i] * root;
    y[i] = @NAME@_MULTIPLY_ADD(gain[i], x, shift[i]);
  }
}
)";

inline constexpr std::string_view kBatchNorm = R"(
// batch normalisation of x [n] with the statistics of training; y may be x
static inline void @name@_batch_norm(const float *scale, const float *mean, const float *shift, const float *x, float *y,
                                   int n) {
  int i;
  for (i = 0; i < n; i++) {
    const float d = x[i] - mean[i];
    y[i] = @NAME@_MULTIPLY_ADD(scale[i], d, shift[i]);
  }
}
)";

inline constexpr std::string_view kAvgL1Norm = R"(
// y [n] divided by the mean of its absolute values
static inline void @name@_avg_l1_norm(float *y, int n) {
  float sums[16] = {0}, average;
  int i;
  for (i = 0; i < n; i++) sums[i % 16] = sums[i % 16] + (y[i] < 0.0f ? -y[i] : y[i]);
  average = @name@_lane_sum(sums) / (float)n;
  if (average < @epsilon@) average = @epsilon@;
  for (i = 0; i < n; i++) y[i] = y[i] / average;
}
)";

inline constexpr std::string_view kNormaliser = R"(
// observation i by its mean and standard deviation in training, in double precision, as there
static inline float @name@_normalised(double observation, int i) {
  const double x = (observation - @name@_mean[i]) / @name@_deviation[i];
  return (float)(x < -@clip@ ? -@clip@ : (@clip@ < x ? @clip@ : x));
}
)";

// What is called, around @name@_network, which takes normalised observations.
inline constexpr std::string_view kActNormalised = R"(
// action = mu(observation)
static inline void @name@_act(const float observation[@n@], float action[@m@]) {
  float x[@n@];
  int i;
  for (i = 0; i < @n@; i++) x[i] = @name@_normalised((double)observation[i], i);
  @name@_network(x, action);
}
static inline void @name@_act_double(const double observation[@n@], float action[@m@]) {
  float x[@n@];
  int i;
  for (i = 0; i < @n@; i++) x[i] = @name@_normalised(observation[i], i);
  @name@_network(x, action);
}
)";

inline constexpr std::string_view kAct = R"(
// action = mu(observation)
static inline void @name@_act(const float observation[@n@], float action[@m@]) { @name@_network(observation, action); }
static inline void @name@_act_double(const double observation[@n@], float action[@m@]) {
  float x[@n@];
  int i;
  for (i = 0; i < @n@; i++) x[i] = (float)observation[i];
  @name@_network(x, action);
}
)";

inline constexpr std::string_view kScale = R"(
// from (-1, 1) to the bounds of each action
static inline void @name@_scale(const float *u, float *action) {
  int i;
  for (i = 0; i < @NAME@_ACTIONS; i++) {
    const float a = @NAME@_MULTIPLY_ADD(@name@_half_range[i], u[i], @name@_centre[i]);
    action[i] = a < @name@_action_low[i] ? @name@_action_low[i] : (@name@_action_high[i] < a ? @name@_action_high[i] : a);
  }
}
)";

inline constexpr std::string_view kCheck = R"(
// The largest difference to the trained policy over @NAME@_CHECKS known pairs, as a share of the action's range.
static inline float @name@_check(void) {
  float largest = 0.0f, action[@NAME@_ACTIONS];
  int row, i;
  for (row = 0; row < @NAME@_CHECKS; row++) {
    @name@_act(@name@_check_observation + row * @NAME@_OBSERVATIONS, action);
    for (i = 0; i < @NAME@_ACTIONS; i++) {
      float d = action[i] - @name@_check_action[row * @NAME@_ACTIONS + i];
      d = (d < 0.0f ? -d : d) / (@name@_action_high[i] - @name@_action_low[i]);
      if (!(d <= 1e30f)) return 1e30f;  // not a number
      if (d > largest) largest = d;
    }
  }
  return largest;
}
)";

}  // namespace ddpg::c_parts
