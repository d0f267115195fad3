// What every kernel computes, written to be read. Slow, and never changed for speed: the fast ones are tested against
// it bit by bit. (Losses: losses.cpp and distributions.cpp.)
#include <cmath>

#include "nn/kernels.h"
#include "nn/reference_math.h"

namespace ddpg {
namespace {

float tanh_of(float x) {
  float magnitude = std::fabs(x);
  magnitude = magnitude > 10.0f ? 10.0f : magnitude;  // tanh(10) rounds to 1; NaN passes
  const float t = exp_minus_one(magnitude + magnitude);
  return std::copysign(t / (t + 2.0f), x);
}

float activate(Activation activation, float z) {
  switch (activation) {
    case Activation::linear:
      return z;
    case Activation::relu:
      return z < 0 ? 0.0f : z;  // NaN stays NaN, so that it is found
    case Activation::tanh:
      return tanh_of(z);
    case Activation::elu:
      return z < 0 ? exp_minus_one(z < -30.0f ? -30.0f : z) : z;
  }
  return z;
}

// gradient * f'(z), with f'(z) from h = f(z)
float times_derivative(Activation activation, float gradient, float h) {
  switch (activation) {
    case Activation::linear:
      return gradient;
    case Activation::relu:
      return h > 0 ? gradient : 0.0f;
    case Activation::tanh:
      return gradient * std::fma(-h, h, 1.0f);
    case Activation::elu:
      return h < 0 ? std::fma(gradient, h, gradient) : gradient;
  }
  return gradient;
}

// Output of a layer of width 1: a dot product over 16 lanes.
float dot(ConstPanels x0, ConstPanels x1, int r, const float* weights) {
  float lanes[kPanel] = {};
  for (const ConstPanels& x : {x0, x1})
    for (int p = 0; p < x.panels(); p++, weights += kPanel)
      for (int i = 0; i < kPanel; i++) lanes[i] = std::fma(x.row(p, r)[i], weights[i], lanes[i]);
  return tree_sum(lanes);
}

void dense_forward(ConstPanels x0, ConstPanels x1, const float* weights, const float* bias, Activation activation,
                   Panels y) {
  const std::ptrdiff_t in = x0.width + x1.width;
  for (int r = 0; r < y.rows; r++) {
    if (y.width == 1) {
      y.at(r, 0) = activate(activation, dot(x0, x1, r, weights) + (bias ? bias[0] : 0.0f));
      continue;
    }
    for (int n = 0; n < padded(y.width); n++) {
      const float* w = weights + n / kPanel * in * kPanel + n % kPanel;
      float sum = bias ? bias[n] : 0.0f;
      for (int k = 0; k < x0.width; k++, w += kPanel) sum = std::fma(x0.at(r, k), *w, sum);
      for (int k = 0; k < x1.width; k++, w += kPanel) sum = std::fma(x1.at(r, k), *w, sum);
      y.at(r, n) = activate(activation, sum);
    }
  }
}

void dense_backward_input(ConstPanels dz, const float* transposed, Activation activation, ConstPanels h, Panels dx) {
  for (int r = 0; r < dx.rows; r++)
    for (int k = 0; k < padded(dx.width); k++) {
      const float* w = transposed + static_cast<std::ptrdiff_t>(k / kPanel) * dz.width * kPanel + k % kPanel;
      float sum = 0;
      for (int n = 0; n < dz.width; n++) sum = std::fma(dz.at(r, n), w[n * kPanel], sum);
      dx.at(r, k) = activation == Activation::linear ? sum : times_derivative(activation, sum, h.at(r, k));
    }
}

void dense_backward_weights(ConstPanels x, ConstPanels dz, float* gradient, std::ptrdiff_t stride) {
  for (int n = 0; n < padded(dz.width); n++)
    for (int k = 0; k < x.width; k++) {
      float sum = 0;
      for (int r = 0; r < x.rows; r++) sum = std::fma(x.at(r, k), dz.at(r, n), sum);
      gradient[n / kPanel * stride + k * kPanel + n % kPanel] = sum;
    }
}

void column_sums(ConstPanels x, float* sums) {
  for (int c = 0; c < padded(x.width); c++) {
    sums[c] = 0;
    for (int r = 0; r < x.rows; r++) sums[c] += x.at(r, c);
  }
}

void column_products(ConstPanels a, ConstPanels b, float* sums) {
  for (int c = 0; c < padded(a.width); c++) {
    sums[c] = 0;
    for (int r = 0; r < a.rows; r++) sums[c] = std::fma(a.at(r, c), b.at(r, c), sums[c]);
  }
}

void transpose_weights(const float* weights, std::ptrdiff_t stride, int first, int in, int out, float* transposed) {
  for (int k = 0; k < padded(in); k++)
    for (int n = 0; n < out; n++)
      transposed[(static_cast<std::ptrdiff_t>(k / kPanel) * out + n) * kPanel + k % kPanel] =
          k < in ? weights[n / kPanel * stride + (first + k) * kPanel + n % kPanel] : 0.0f;
}

void batch_norm_forward(ConstPanels z, const float* gain, const float* shift, Activation activation, float* mean,
                        float* variance, float* inverse_deviation, Panels xhat, Panels y) {
  const float rows = static_cast<float>(z.rows);
  for (int c = 0; c < padded(z.width); c++) {
    float sum = 0, squares = 0;
    for (int r = 0; r < z.rows; r++) sum += z.at(r, c);
    mean[c] = sum / rows;
    for (int r = 0; r < z.rows; r++) squares = std::fma(z.at(r, c) - mean[c], z.at(r, c) - mean[c], squares);
    variance[c] = squares / rows;
    inverse_deviation[c] = 1.0f / std::sqrt(variance[c] + kNormEpsilon);
    for (int r = 0; r < z.rows; r++) {
      xhat.at(r, c) = (z.at(r, c) - mean[c]) * inverse_deviation[c];
      y.at(r, c) = activate(activation, std::fma(gain[c], xhat.at(r, c), shift[c]));
    }
  }
}

void batch_norm_inference(ConstPanels z, const float* gain, const float* shift, const float* mean,
                          const float* variance, Activation activation, Panels y) {
  for (int c = 0; c < padded(z.width); c++) {
    const float scale = gain[c] * (1.0f / std::sqrt(variance[c] + kNormEpsilon));
    for (int r = 0; r < z.rows; r++) y.at(r, c) = activate(activation, std::fma(scale, z.at(r, c) - mean[c], shift[c]));
  }
}

void batch_norm_backward(ConstPanels dn, ConstPanels xhat, const float* gain, const float* inverse_deviation,
                         float* dgain, float* dshift, Panels dz) {
  column_sums(dn, dshift);
  column_products(dn, xhat, dgain);
  const float rows = static_cast<float>(dn.rows);
  for (int c = 0; c < padded(dn.width); c++) {
    const float scale = gain[c] * inverse_deviation[c], shift_mean = dshift[c] / rows, gain_mean = dgain[c] / rows;
    for (int r = 0; r < dn.rows; r++)
      dz.at(r, c) = scale * std::fma(-gain_mean, xhat.at(r, c), dn.at(r, c) - shift_mean);
  }
}

void layer_norm_forward(ConstPanels z, const float* gain, const float* shift, Activation activation,
                        float* inverse_deviation, Panels xhat, Panels y) {
  const float width = static_cast<float>(z.width);
  for (int r = 0; r < z.rows; r++) {
    const float mean = row_sum(z.width, [&](int c, float sum) { return sum + z.at(r, c); }) / width;
    const float squares =
        row_sum(z.width, [&](int c, float sum) { return std::fma(z.at(r, c) - mean, z.at(r, c) - mean, sum); });
    inverse_deviation[r] = 1.0f / std::sqrt(squares / width + kNormEpsilon);
    for (int c = 0; c < padded(z.width); c++) {
      xhat.at(r, c) = c < z.width ? (z.at(r, c) - mean) * inverse_deviation[r] : 0.0f;
      y.at(r, c) = activate(activation, std::fma(gain[c], xhat.at(r, c), shift[c]));
    }
  }
}

void layer_norm_backward(ConstPanels dn, ConstPanels xhat, const float* gain, const float* inverse_deviation,
                         Panels dz) {
  const float width = static_cast<float>(dn.width);
  for (int r = 0; r < dn.rows; r++) {
    const float mean = row_sum(dn.width, [&](int c, float sum) { return std::fma(dn.at(r, c), gain[c], sum); }) / width;
    const float product =
        row_sum(dn.width, [&](int c, float sum) { return std::fma(dn.at(r, c) * gain[c], xhat.at(r, c), sum); }) /
        width;
    for (int c = 0; c < padded(dn.width); c++)
      dz.at(r, c) =
          c < dn.width ? inverse_deviation[r] * std::fma(-product, xhat.at(r, c), std::fma(dn.at(r, c), gain[c], -mean))
                       : 0.0f;
  }
}

void avg_l1_norm_forward(ConstPanels z, float* average, Panels y) {
  const float width = static_cast<float>(z.width);
  for (int r = 0; r < z.rows; r++) {
    const float mean = row_sum(z.width, [&](int c, float sum) { return sum + std::fabs(z.at(r, c)); }) / width;
    average[r] = mean < kAvgL1Epsilon ? kAvgL1Epsilon : mean;  // NaN passes
    for (int c = 0; c < padded(z.width); c++) y.at(r, c) = z.at(r, c) / average[r];
  }
}

// With m = mean |z|: dz = (dn - sign(z) mean(dn y)) / m; where m is the least there is, nothing hangs on z through it.
void avg_l1_norm_backward(ConstPanels dn, ConstPanels y, const float* average, Panels dz) {
  const float width = static_cast<float>(dn.width);
  for (int r = 0; r < dn.rows; r++) {
    const float sum = row_sum(dn.width, [&](int c, float so_far) { return std::fma(dn.at(r, c), y.at(r, c), so_far); });
    const float product = average[r] > kAvgL1Epsilon ? sum / width : 0.0f;
    for (int c = 0; c < padded(dn.width); c++) {
      const float signed_product = y.at(r, c) > 0 ? product : y.at(r, c) < 0 ? -product : 0.0f;
      dz.at(r, c) = (dn.at(r, c) - signed_product) / average[r];
    }
  }
}

void add(ConstPanels a, ConstPanels b, Activation activation, Panels y) {
  for (int r = 0; r < a.rows; r++)
    for (int c = 0; c < padded(a.width); c++)
      y.at(r, c) = activate(activation, b.data ? a.at(r, c) + b.at(r, c) : a.at(r, c));
}

void times_derivative_of(Activation activation, ConstPanels h, Panels d) {
  for (int r = 0; r < d.rows; r++)
    for (int c = 0; c < padded(d.width); c++) d.at(r, c) = times_derivative(activation, d.at(r, c), h.at(r, c));
}

float zero_below(float limit, float x) {
  return std::fabs(x) < limit ? 0 : x;  // NaN stays
}

void adam(const AdamStep& s, std::size_t size, const float* gradient, float* w, float* m, float* v, float* target) {
  for (std::size_t i = 0; i < size; i++) {
    const float g = zero_below(kLeastGradient, std::fma(s.decay, w[i], s.gradient_scale * gradient[i]));
    m[i] = zero_below(kLeastFirstMoment, std::fma(s.beta1, m[i], s.one_minus_beta1 * g));
    v[i] = zero_below(kLeastSecondMoment, std::fma(s.beta2, v[i], s.one_minus_beta2 * (g * g)));
    w[i] = std::fma(-s.step_size, m[i] / std::fma(std::sqrt(v[i]), s.second_correction, s.epsilon), s.keep * w[i]);
    if (target) target[i] = std::fma(s.tau, w[i], s.one_minus_tau * target[i]);
  }
}

float sum_of_squares(const float* x, std::size_t size) {
  float lanes[kPanel] = {};
  for (std::size_t i = 0; i < size; i++) lanes[i % kPanel] = std::fma(x[i], x[i], lanes[i % kPanel]);
  return tree_sum(lanes);
}

}  // namespace

const Kernels& reference_kernels() {
  static constexpr Kernels kernels{"reference",
                                   dense_forward,
                                   dense_backward_input,
                                   dense_backward_weights,
                                   column_sums,
                                   transpose_weights,
                                   batch_norm_forward,
                                   batch_norm_inference,
                                   batch_norm_backward,
                                   layer_norm_forward,
                                   layer_norm_backward,
                                   column_products,
                                   avg_l1_norm_forward,
                                   avg_l1_norm_backward,
                                   add,
                                   times_derivative_of,
                                   reference_scalar_loss,
                                   reference_softmax,
                                   reference_expectations,
                                   reference_project,
                                   reference_cross_entropy,
                                   reference_ascend_expectation,
                                   adam,
                                   sum_of_squares};
  return kernels;
}

}  // namespace ddpg
