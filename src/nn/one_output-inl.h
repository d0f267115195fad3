// Dense layers of a single output, such as the critic's last: no tile has anything to do there. Included once for each
// instruction set, as lanes-inl.h.
#if defined(DDPG_NN_ONE_OUTPUT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef DDPG_NN_ONE_OUTPUT_INL_H_
#undef DDPG_NN_ONE_OUTPUT_INL_H_
#else
#define DDPG_NN_ONE_OUTPUT_INL_H_
#endif

#include "nn/lanes-inl.h"

#if DDPG_TARGET_FUSES
HWY_BEFORE_NAMESPACE();
namespace ddpg {
namespace HWY_NAMESPACE {

// The tree of a sum along a row, for four rows at once: the sixteen lanes of each become four, and once they are
// turned around the last two steps are two additions.
HWY_INLINE hn::Vec<hn::FixedTag<float, 4>> tree_sums(const Lanes (&rows)[4]) {
  const hn::FixedTag<float, 4> d;
  const hn::RepartitionToWide<decltype(d)> pairs;
  alignas(64) float lanes[4][kPanel];
  const auto quarter = [&](int r, int i) HWY_ATTR { return hn::Load(d, lanes[r] + 4 * i); };
  const auto four = [&](int r) HWY_ATTR {
    return hn::Add(hn::Add(quarter(r, 0), quarter(r, 2)), hn::Add(quarter(r, 1), quarter(r, 3)));
  };
  HWY_UNROLL_ALL for (int r = 0; r < 4; r++) store(rows[r], lanes[r]);
  const auto a = four(0), b = four(1), c = four(2), e = four(3);
  const auto ab = hn::Add(hn::InterleaveLower(d, a, b), hn::InterleaveUpper(d, a, b));  // a0+2 b0+2 a1+3 b1+3
  const auto ce = hn::Add(hn::InterleaveLower(d, c, e), hn::InterleaveUpper(d, c, e));
  return hn::Add(hn::BitCast(d, hn::InterleaveLower(pairs, hn::BitCast(pairs, ab), hn::BitCast(pairs, ce))),
                 hn::BitCast(d, hn::InterleaveUpper(pairs, hn::BitCast(pairs, ab), hn::BitCast(pairs, ce))));
}

// A layer of width 1: dot products over 16 lanes, four rows at a time.
HWY_INLINE void dense_forward_one(ConstPanels x0, ConstPanels x1, const float* weights, const float* bias,
                                  Activation activation, Panels y) {
  const Lanes shift = fill(bias ? bias[0] : 0.0f);
  for (int row = 0; row < y.rows; row += kPanel) {
    const int count = HWY_MIN(kPanel, y.rows - row);
    alignas(64) float sums[kPanel] = {};
    for (int r = 0; r < count; r += 4) {
      int rows[4];  // fewer than four: the last one again
      for (int i = 0; i < 4; i++) rows[i] = row + HWY_MIN(r + i, count - 1);
      Lanes lanes[4] = {fill(0), fill(0), fill(0), fill(0)};
      const float* w = weights;
      for (const ConstPanels* x : {&x0, &x1})
        for (int panel = 0; panel < x->panels(); panel++, w += kPanel) {
          const Lanes factor = load(w);
          HWY_UNROLL_ALL for (int i = 0; i < 4; i++) lanes[i] = fma(load(x->row(panel, rows[i])), factor, lanes[i]);
        }
      hn::Store(tree_sums(lanes), hn::FixedTag<float, 4>(), sums + r);
    }
    Lanes z = add(load(sums), shift);
    with_activation(activation, [&]<Activation kActivation>() HWY_ATTR { z = activate<kActivation>(z); });
    store(z, sums);
    for (int r = 0; r < count; r++) y.at(row + r, 0) = sums[r];
  }
}

// Backward through a layer of width 1: each row is the weights, scaled.
HWY_INLINE void dense_backward_one(ConstPanels dz, const float* weights, Activation activation, ConstPanels h,
                                   Panels dx) {
  with_activation(activation, [&]<Activation kActivation>() HWY_ATTR {
    for (int panel = 0; panel < dx.panels(); panel++) {
      const Lanes w = load(weights + panel * kPanel);
      for (int r = 0; r < dx.rows; r++) {
        Lanes d = fma(fill(dz.row(0, r)[0]), w, fill(0));
        if constexpr (kActivation != Activation::linear) d = times_derivative<kActivation>(d, load(h.row(panel, r)));
        store(d, dx.row(panel, r));
      }
    }
  });
}

}  // namespace HWY_NAMESPACE
}  // namespace ddpg
HWY_AFTER_NAMESPACE();
#endif

#endif
