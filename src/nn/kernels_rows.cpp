// Everything that is not a product: normalisations, Adam with the soft update, sums, transposition. Bound by memory, so
// each is one pass where it can be. What is computed, and in which order, is defined in kernels_reference.cpp.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels_rows.cpp"
#include <cmath>

#include "nn/kernels_targets.h"
// clang-format off
#include <hwy/foreach_target.h>
// clang-format on
#include "nn/lanes-inl.h"

#if DDPG_TARGET_FUSES
HWY_BEFORE_NAMESPACE();
namespace ddpg {
namespace HWY_NAMESPACE {
namespace {

// A sum over rows is a chain; P panels side by side are P chains.
template <int P>
HWY_INLINE void column_sums_of(ConstPanels x, int panel, float* sums) {
  Lanes sum[P];
  HWY_UNROLL_ALL for (int p = 0; p < P; p++) sum[p] = fill(0);
  for (int r = 0; r < x.rows; r++)
    HWY_UNROLL_ALL for (int p = 0; p < P; p++) sum[p] = add(sum[p], load(x.row(panel + p, r)));
  HWY_UNROLL_ALL for (int p = 0; p < P; p++) store(sum[p], sums + (panel + p) * kPanel);
}

void column_sums(ConstPanels x, float* sums) {
  int panel = 0;
  for (; panel + 4 <= x.panels(); panel += 4) column_sums_of<4>(x, panel, sums);
  for (; panel < x.panels(); panel++) column_sums_of<1>(x, panel, sums);
}

void column_products(ConstPanels a, ConstPanels b, float* sums) {
  for (int p = 0; p < a.panels(); p++) {
    Lanes sum = fill(0);
    for (int r = 0; r < a.rows; r++) sum = fma(load(a.row(p, r)), load(b.row(p, r)), sum);
    store(sum, sums + p * kPanel);
  }
}

#if HWY_TARGET == HWY_NEON
constexpr int kSquare = 4;
#else
constexpr int kSquare = 8;
#endif
using Row = hn::FixedTag<float, kSquare>;

// From pairs of rows: (low elements interleaved, high elements interleaved), within blocks of four.
template <class D, class V>
HWY_INLINE void interleave(D d, V& a, V& b) {
  const V low = hn::InterleaveLower(d, a, b), high = hn::InterleaveUpper(d, a, b);
  a = low, b = high;
}

// A square of floats: rows of `from` become columns of `to`; both have a panel's 16 floats from row to row.
HWY_INLINE void transpose_square(const float* from, float* to) {
  const Row d;
  const hn::RepartitionToWide<Row> pairs;
  hn::Vec<Row> x[kSquare];
  HWY_UNROLL_ALL for (int i = 0; i < kSquare; i++) x[i] = hn::LoadU(d, from + i * kPanel);
  HWY_UNROLL_ALL for (int i = 0; i < kSquare; i += 4) {
    interleave(d, x[i], x[i + 1]);      // a0 b0 a1 b1, a2 b2 a3 b3
    interleave(d, x[i + 2], x[i + 3]);  // c0 e0 c1 e1, c2 e2 c3 e3
    hn::Vec<decltype(pairs)> p[4];
    HWY_UNROLL_ALL for (int j = 0; j < 4; j++) p[j] = hn::BitCast(pairs, x[i + j]);
    interleave(pairs, p[0], p[2]);  // a0 b0 c0 e0, a1 b1 c1 e1
    interleave(pairs, p[1], p[3]);
    x[i] = hn::BitCast(d, p[0]), x[i + 1] = hn::BitCast(d, p[2]);
    x[i + 2] = hn::BitCast(d, p[1]), x[i + 3] = hn::BitCast(d, p[3]);
  }
  if constexpr (kSquare == 8) {
    HWY_UNROLL_ALL for (int i = 0; i < 4; i++) {
      hn::StoreU(hn::ConcatLowerLower(d, x[i + 4], x[i]), d, to + i * kPanel);
      hn::StoreU(hn::ConcatUpperUpper(d, x[i + 4], x[i]), d, to + (i + 4) * kPanel);
    }
  } else {
    HWY_UNROLL_ALL for (int i = 0; i < kSquare; i++) hn::StoreU(x[i], d, to + i * kPanel);
  }
}

void transpose_weights(const float* weights, std::ptrdiff_t stride, int first_input, int in, int out,
                       float* transposed) {
  for (int n = 0; n < out; n += kSquare)
    for (int k = 0; k < padded(in); k += kSquare) {
      const float* from =
          weights + n / kPanel * stride + static_cast<std::ptrdiff_t>(first_input + k) * kPanel + n % kPanel;
      float* to = transposed + (static_cast<std::ptrdiff_t>(k / kPanel) * out + n) * kPanel + k % kPanel;
      if (k + kSquare <= in && n + kSquare <= out) {
        transpose_square(from, to);
        continue;
      }
      for (int i = 0; i < kSquare; i++)
        for (int j = 0; j < kSquare && n + j < out; j++) to[j * kPanel + i] = k + i < in ? from[i * kPanel + j] : 0.0f;
    }
}

void batch_norm_forward(ConstPanels z, const float* gain, const float* shift, Activation activation, float* mean,
                        float* variance, float* inverse_deviation, Panels xhat, Panels y) {
  const Lanes rows = fill(static_cast<float>(z.rows));
  with_activation(activation, [&]<Activation kActivation>() HWY_ATTR {
    for (int p = 0; p < z.panels(); p++) {
      const int at = p * kPanel;
      Lanes sum = fill(0), squares = fill(0);
      for (int r = 0; r < z.rows; r++) sum = add(sum, load(z.row(p, r)));
      const Lanes average = div(sum, rows);
      for (int r = 0; r < z.rows; r++) {
        const Lanes d = sub(load(z.row(p, r)), average);
        squares = fma(d, d, squares);
      }
      const Lanes spread = div(squares, rows);
      const Lanes inverse = div(fill(1), square_root(add(spread, fill(kNormEpsilon))));
      store(average, mean + at);
      store(spread, variance + at);
      store(inverse, inverse_deviation + at);
      const Lanes g = load(gain + at), s = load(shift + at);
      for (int r = 0; r < z.rows; r++) {
        const Lanes x = mul(sub(load(z.row(p, r)), average), inverse);
        store(x, xhat.row(p, r));
        store(activate<kActivation>(fma(g, x, s)), y.row(p, r));
      }
    }
  });
}

void batch_norm_inference(ConstPanels z, const float* gain, const float* shift, const float* mean,
                          const float* variance, Activation activation, Panels y) {
  with_activation(activation, [&]<Activation kActivation>() HWY_ATTR {
    for (int p = 0; p < z.panels(); p++) {
      const int at = p * kPanel;
      const Lanes inverse = div(fill(1), square_root(add(load(variance + at), fill(kNormEpsilon))));
      const Lanes scale = mul(load(gain + at), inverse), average = load(mean + at), s = load(shift + at);
      for (int r = 0; r < z.rows; r++)
        store(activate<kActivation>(fma(scale, sub(load(z.row(p, r)), average), s)), y.row(p, r));
    }
  });
}

void batch_norm_backward(ConstPanels dn, ConstPanels xhat, const float* gain, const float* inverse_deviation,
                         float* dgain, float* dshift, Panels dz) {
  column_sums(dn, dshift);
  column_products(dn, xhat, dgain);
  const Lanes rows = fill(static_cast<float>(dn.rows));
  for (int p = 0; p < dn.panels(); p++) {
    const int at = p * kPanel;
    const Lanes scale = mul(load(gain + at), load(inverse_deviation + at));
    const Lanes shift_mean = div(load(dshift + at), rows), gain_mean = div(load(dgain + at), rows);
    for (int r = 0; r < dn.rows; r++)
      store(mul(scale, negative_fma(gain_mean, load(xhat.row(p, r)), sub(load(dn.row(p, r)), shift_mean))),
            dz.row(p, r));
  }
}

void layer_norm_forward(ConstPanels z, const float* gain, const float* shift, Activation activation,
                        float* inverse_deviation, Panels xhat, Panels y) {
  const float width = static_cast<float>(z.width);
  with_activation(activation, [&]<Activation kActivation>() HWY_ATTR {
    for (int r = 0; r < z.rows; r++) {
      const float mean =
          row_sum(z.width, [&](int p, Lanes sum) HWY_ATTR { return add(sum, load(z.row(p, r))); }) / width;
      const Lanes average = fill(mean);
      const float squares = row_sum(z.width, [&](int p, Lanes sum) HWY_ATTR {
        const Lanes d = sub(load(z.row(p, r)), average);
        return fma(d, d, sum);
      });
      const float inverse = 1.0f / std::sqrt(squares / width + kNormEpsilon);
      inverse_deviation[r] = inverse;
      for (int p = 0; p < z.panels(); p++) {
        const int count = HWY_MIN(kPanel, z.width - p * kPanel);
        Lanes x = mul(sub(load(z.row(p, r)), average), fill(inverse));
        if (count < kPanel) x = first(count, x, fill(0));
        store(x, xhat.row(p, r));
        store(activate<kActivation>(fma(load(gain + p * kPanel), x, load(shift + p * kPanel))), y.row(p, r));
      }
    }
  });
}

void layer_norm_backward(ConstPanels dn, ConstPanels xhat, const float* gain, const float* inverse_deviation,
                         Panels dz) {
  const float width = static_cast<float>(dn.width);
  for (int r = 0; r < dn.rows; r++) {
    const auto d = [&](int p) HWY_ATTR { return load(dn.row(p, r)); };
    const auto g = [&](int p) HWY_ATTR { return load(gain + p * kPanel); };
    const auto x = [&](int p) HWY_ATTR { return load(xhat.row(p, r)); };
    const float mean = row_sum(dn.width, [&](int p, Lanes sum) HWY_ATTR { return fma(d(p), g(p), sum); }) / width;
    const float product =
        row_sum(dn.width, [&](int p, Lanes sum) HWY_ATTR { return fma(mul(d(p), g(p)), x(p), sum); }) / width;
    for (int p = 0; p < dn.panels(); p++) {
      const int count = HWY_MIN(kPanel, dn.width - p * kPanel);
      Lanes z = mul(fill(inverse_deviation[r]), negative_fma(fill(product), x(p), fma(d(p), g(p), fill(-mean))));
      if (count < kPanel) z = first(count, z, fill(0));
      store(z, dz.row(p, r));
    }
  }
}

void add_panels(ConstPanels a, ConstPanels b, Activation activation, Panels y) {
  with_activation(activation, [&]<Activation kActivation>() HWY_ATTR {
    for (int p = 0; p < y.panels(); p++)
      for (int r = 0; r < y.rows; r++) {
        Lanes sum = load(a.row(p, r));
        if (b.data) sum = add(sum, load(b.row(p, r)));
        store(activate<kActivation>(sum), y.row(p, r));
      }
  });
}

void adam(const AdamStep& s, std::size_t size, const float* HWY_RESTRICT gradient, float* HWY_RESTRICT w,
          float* HWY_RESTRICT m, float* HWY_RESTRICT v, float* HWY_RESTRICT target) {
  const Lanes beta1 = fill(s.beta1), rest1 = fill(s.one_minus_beta1), beta2 = fill(s.beta2),
              rest2 = fill(s.one_minus_beta2);
  const Lanes step = fill(s.step_size), correction = fill(s.second_correction), epsilon = fill(s.epsilon);
  const Lanes least_gradient = fill(kLeastGradient), least_first = fill(kLeastFirstMoment),
              least_second = fill(kLeastSecondMoment);
  const Lanes scale = fill(s.gradient_scale), decay = fill(s.decay), tau = fill(s.tau), rest = fill(s.one_minus_tau),
              keep = fill(s.keep);
  for (std::size_t i = 0; i < size; i += kPanel) {
    const Lanes before = load(w + i);
    const Lanes g = zero_below(least_gradient, fma(decay, before, mul(scale, load(gradient + i))));
    const Lanes first_moment = zero_below(least_first, fma(beta1, load(m + i), mul(rest1, g)));
    const Lanes second_moment = zero_below(least_second, fma(beta2, load(v + i), mul(rest2, mul(g, g))));
    const Lanes after =
        negative_fma(step, div(first_moment, fma(square_root(second_moment), correction, epsilon)), mul(keep, before));
    store(first_moment, m + i);
    store(second_moment, v + i);
    store(after, w + i);
    if (target) store(fma(tau, after, mul(rest, load(target + i))), target + i);
  }
}

float sum_of_squares(const float* x, std::size_t size) {
  Lanes sum = fill(0);
  for (std::size_t i = 0; i < size; i += kPanel) {
    const Lanes value = load(x + i);
    sum = fma(value, value, sum);
  }
  return tree_sum(sum);
}

}  // namespace

void fill_rows(Kernels& kernels) {
  kernels.column_sums = column_sums;
  kernels.transpose_weights = transpose_weights;
  kernels.batch_norm_forward = batch_norm_forward;
  kernels.batch_norm_inference = batch_norm_inference;
  kernels.batch_norm_backward = batch_norm_backward;
  kernels.layer_norm_forward = layer_norm_forward;
  kernels.layer_norm_backward = layer_norm_backward;
  kernels.column_products = column_products;
  kernels.add = add_panels;
  kernels.adam = adam;
  kernels.sum_of_squares = sum_of_squares;
}

}  // namespace HWY_NAMESPACE
}  // namespace ddpg
HWY_AFTER_NAMESPACE();
#else
namespace ddpg::HWY_NAMESPACE {
void fill_rows(Kernels&) {}  // Highway's baseline: never chosen
}  // namespace ddpg::HWY_NAMESPACE
#endif

#if HWY_ONCE
namespace ddpg {
HWY_EXPORT(fill_rows);
void fill_row_kernels(Kernels& kernels) {
  HWY_DYNAMIC_DISPATCH(fill_rows)(kernels);
}
}  // namespace ddpg
#endif
