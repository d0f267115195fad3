// The one seam between what a network computes and how the processor does it.
// Not here: what the functions are called for (forward.cpp, backward.cpp, adam.cpp), threads (the caller cuts rows and
// panels into blocks).
//
// Behind it stand `reference`, plain loops that define what is correct, and one set of vector kernels for each
// instruction set. All give the same bits, because the order of every sum is part of the definition:
//   - an output of a dense layer, a gradient, a column statistic: one chain of fused multiply-adds, k or row ascending;
//   - a sum along a row (a layer's only output, layer norm): 16 lanes, lane = column mod 16, panel ascending,
//     then the lanes as a tree: i + (i + 8), i + (i + 4), i + (i + 2), 0 + 1.
//
// Layout of the weights of a dense layer of `in` inputs and `out` outputs, zero in all padding:
//   out > 1: panels of 16 outputs, in each for every input the 16 weights: w[n / 16][k][n % 16]
//   out = 1: one weight for each input: w[k], those of x0 and those of x1 each padded to 16
//
// The transposed copy that dense_backward_input reads has inputs and outputs exchanged; for out = 1 it is the weights.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "ddpg_policy/activation.h"
#include "nn/distributions.h"
#include "nn/losses.h"
#include "nn/panels.h"

namespace ddpg {

inline constexpr float kNormEpsilon = 1e-5f;   // added to variances in batch and layer norm (as in PyTorch)
inline constexpr float kAvgL1Epsilon = 1e-8f;  // AvgL1Norm divides by no less (as in TD7)

// Below these, in absolute value, Adam takes a number for 0. It would move no parameter as long as epsilon is 1e-8 or
// so, but decay through the denormal floats, whose arithmetic is slow on Intel's processors: units of a network that
// had stopped passing gradients made a training up to a fifth slower (docs/measurements/mujoco.md).
inline constexpr float kLeastGradient = 0x1p-57f;       // (1 - beta2) g^2 is still a normal float
inline constexpr float kLeastFirstMoment = 0x1p-100f;   // so is the step size times it
inline constexpr float kLeastSecondMoment = 0x1p-120f;  // its square root is 1e-10 of epsilon

// Constants of one Adam step, and what else is done in the same pass over memory.
struct AdamStep {
  float beta1 = 0, one_minus_beta1 = 0, beta2 = 0, one_minus_beta2 = 0;
  float step_size = 0;          // learning rate / (1 - beta1^t)
  float second_correction = 0;  // 1 / sqrt(1 - beta2^t)
  float epsilon = 0;
  float gradient_scale = 1;  // below 1 when the gradient is clipped
  float decay = 0;           // lambda of the L2 penalty
  float tau = 0;             // target = tau w + (1 - tau) target, after the step; 0 leaves the target alone
  float one_minus_tau = 1;
  float keep = 1;  // factor of w before the step: 1 - learning rate * weight decay
};

struct Kernels {
  const char* name;

  // y [rows, out] = activation(x0 [rows, in0] W0' + x1 [rows, in1] W1' + bias [padded out]); x1 may be empty, bias
  // null.
  void (*dense_forward)(ConstPanels x0, ConstPanels x1, const float* weights, const float* bias, Activation activation,
                        Panels y);

  // dx [rows, in] = (dz [rows, out] W) * activation'(h), the derivative taken from the activation's output h [rows,
  // in].
  void (*dense_backward_input)(ConstPanels dz, const float* transposed, Activation activation, ConstPanels h,
                               Panels dx);

  // gradient[n / 16][k][n % 16] = sum over rows of x [rows, in] and dz [rows, out]; `stride` floats from one panel of
  // outputs to the next.
  void (*dense_backward_weights)(ConstPanels x, ConstPanels dz, float* gradient, std::ptrdiff_t stride);

  // sums [padded width] = sum over rows of x.
  void (*column_sums)(ConstPanels x, float* sums);

  // transposed[k / 16][n][k % 16] = w[n / 16][first + k][n % 16] for k < in, n < out; `stride` as above.
  void (*transpose_weights)(const float* weights, std::ptrdiff_t stride, int first, int in, int out, float* transposed);

  // Batch norm over the rows: mean and biased variance of each column; xhat = (z - mean) / sqrt(variance + eps);
  // y = activation(gain xhat + shift). mean, variance and inverse_deviation [padded width] are written. z may be y.
  void (*batch_norm_forward)(ConstPanels z, const float* gain, const float* shift, Activation activation, float* mean,
                             float* variance, float* inverse_deviation, Panels xhat, Panels y);
  // y = activation(gain (z - mean) / sqrt(variance + eps) + shift) with given statistics. z may be y.
  void (*batch_norm_inference)(ConstPanels z, const float* gain, const float* shift, const float* mean,
                               const float* variance, Activation activation, Panels y);
  // From dn, the gradient to gain xhat + shift: those to gain, shift and z. dn may be dz.
  void (*batch_norm_backward)(ConstPanels dn, ConstPanels xhat, const float* gain, const float* inverse_deviation,
                              float* dgain, float* dshift, Panels dz);

  // Layer norm along each row; inverse_deviation [rows]. z may be y.
  void (*layer_norm_forward)(ConstPanels z, const float* gain, const float* shift, Activation activation,
                             float* inverse_deviation, Panels xhat, Panels y);
  // The gradient to z alone, row by row. dn may be dz.
  void (*layer_norm_backward)(ConstPanels dn, ConstPanels xhat, const float* gain, const float* inverse_deviation,
                              Panels dz);
  // sums [padded width] = sum over rows of a * b, element by element (the gradient to layer norm's gain).
  void (*column_products)(ConstPanels a, ConstPanels b, float* sums);

  // AvgL1Norm along each row: average [rows] = the mean of |z|, at least kAvgL1Epsilon; y = z / average. z may be y.
  void (*avg_l1_norm_forward)(ConstPanels z, float* average, Panels y);
  // From dn, the gradient to y: that to z. dn may be dz.
  void (*avg_l1_norm_backward)(ConstPanels dn, ConstPanels y, const float* average, Panels dz);

  // y = activation(a + b); b may be empty: y = activation(a). y may be a.
  void (*add)(ConstPanels a, ConstPanels b, Activation activation, Panels y);
  // d *= activation'(h), from the activation's output h.
  void (*times_derivative)(Activation activation, ConstPanels h, Panels d);

  // The loss of a critic with one output, q [rows, 1] against y [rows, 1], each row by its weight [rows]: errors [rows]
  // = q - y, dq [rows, 1] = weight loss'(error) / rows. Returns the sum over the rows of weight times the loss, in
  // double, row ascending.
  double (*scalar_loss)(Loss loss, ConstPanels q, ConstPanels y, const float* weight, float* errors, Panels dq);

  // Distributions over values, one a row, on the atoms of a support (distributions.h).
  // p [rows, atoms] = softmax of the logits; log_sums [rows] = log of the sum of e^logit.
  void (*softmax)(ConstPanels logits, Panels p, float* log_sums);
  // values [rows] = the means of p [rows, atoms].
  void (*expectations)(ConstPanels p, Support support, float* values);
  // y [rows, atoms] = p when each value z becomes reward + discount z, brought back onto the atoms.
  void (*project)(ConstPanels p, const float* reward, const float* discount, Support support, Panels y);
  // The cross-entropy of p, the softmax of these logits, against y, each row by its weight: d [rows, atoms] = weight
  // (p - y) / rows, its gradient to the logits. Returns the sum over the rows, in double, row ascending.
  double (*cross_entropy)(ConstPanels logits, ConstPanels p, const float* log_sums, ConstPanels y, const float* weight,
                          Panels d);
  // d [rows, atoms] = the gradient to the logits of minus the mean over the rows of p's means `values` [rows].
  void (*ascend_expectation)(ConstPanels p, const float* values, Support support, Panels d);

  // Adam (Kingma and Ba 2015, algorithm 1) on `size` parameters w with moments m and v, and the soft update of target
  // (may be null). A gradient or a moment too small to move a parameter counts as 0 (kLeastGradient).
  void (*adam)(const AdamStep& step, std::size_t size, const float* gradient, float* w, float* m, float* v,
               float* target);

  // Sum of squares of `size` floats (a multiple of 16): 16 lanes and the tree.
  float (*sum_of_squares)(const float* x, std::size_t size);
};

// Plain loops, the definition of correct; on any processor.
const Kernels& reference_kernels();
// The fastest set for this processor.
const Kernels& best_kernels();
// Every set that this processor can run, `reference` first.
std::vector<const Kernels*> available_kernels();

}  // namespace ddpg
