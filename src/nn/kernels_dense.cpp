// The products of a dense layer as register tiles: R rows by P panels of 16 columns, every accumulator in a register.
// docs/performance.md goes from the formula to this file. What is computed, and in which order, is defined in
// kernels_reference.cpp.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels_dense.cpp"
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

// Registers that may hold accumulators; the rest is for the operands: 12 of 16 (AVX2), 24 of 32 (AVX-512, NEON).
constexpr int kAccumulators = HWY_TARGET == HWY_AVX2 ? 12 : 24;
constexpr int kTileRows = kVectors == 1 ? 12 : kAccumulators / kVectors;

// acc[r][p] += x[r][k] * w[p][k][16] for the k of one panel of x. w advances 16 floats for each k; panels of w lie
// `stride` apart.
template <int R, int P>
HWY_INLINE void multiply_panel(const float* HWY_RESTRICT x, int width, const float* HWY_RESTRICT w,
                               std::ptrdiff_t stride, Lanes (&acc)[R][P]) {
  for (int k = 0; k < width; k++) {
    Lanes b[P];
    HWY_UNROLL_ALL for (int p = 0; p < P; p++) b[p] = load(w + p * stride + k * kPanel);
    HWY_UNROLL_ALL for (int r = 0; r < R; r++) {
      const auto a = hn::Set(Tag(), x[r * kPanel + k]);
      HWY_UNROLL_ALL for (int p = 0; p < P; p++) DDPG_EACH_VECTOR acc[r][p].v[i] =
          hn::MulAdd(a, b[p].v[i], acc[r][p].v[i]);
    }
  }
}

// All panels of x.
template <int R, int P>
HWY_INLINE const float* multiply(ConstPanels x, int row, const float* w, std::ptrdiff_t stride, Lanes (&acc)[R][P]) {
  for (int panel = 0; panel < x.panels(); panel++) {
    const int width = HWY_MIN(kPanel, x.width - panel * kPanel);
    const float* HWY_RESTRICT a = x.row(panel, row);
    if (width == kPanel)
      multiply_panel(a, kPanel, w, stride, acc);
    else
      multiply_panel(a, width, w, stride, acc);
    w += width * kPanel;
  }
  return w;
}

// Covers `rows` by `panels` with tiles as large as the registers allow: tile.template operator()<R, P>(row, panel).
template <int R, int P, class Tile>
HWY_INLINE void columns_of_tiles(int row, int panels, const Tile& tile) {
  int panel = 0;
  for (; panel + P <= panels; panel += P) tile.template operator()<R, P>(row, panel);
  if constexpr (P > 1) {
    if constexpr (P > 2)
      for (; panel + 2 <= panels; panel += 2) tile.template operator()<R, 2>(row, panel);
    for (; panel < panels; panel++) tile.template operator()<R, 1>(row, panel);
  }
}

template <int R>
constexpr int panels_for_rows() {
  constexpr int most = kAccumulators / (R * kVectors);
  return most >= 4 ? 4 : most >= 2 ? 2 : 1;
}

template <class Tile>
HWY_INLINE void cover(int rows, int panels, const Tile& tile) {
  int row = 0;
  for (; row + kTileRows <= rows; row += kTileRows)
    columns_of_tiles<kTileRows, panels_for_rows<kTileRows>()>(row, panels, tile);
  if constexpr (kTileRows > 8)
    for (; row + 8 <= rows; row += 8) columns_of_tiles<8, panels_for_rows<8>()>(row, panels, tile);
  for (; row + 4 <= rows; row += 4) columns_of_tiles<4, panels_for_rows<4>()>(row, panels, tile);
  for (; row + 2 <= rows; row += 2) columns_of_tiles<2, panels_for_rows<2>()>(row, panels, tile);
  for (; row < rows; row++) columns_of_tiles<1, panels_for_rows<1>()>(row, panels, tile);
}

// The activations that take more than a register or two are applied to the tile after it is stored, while it is in the
// cache.
HWY_NOINLINE void activate_stored(Activation activation, Panels y) {
  with_activation(activation, [&]<Activation kActivation>() HWY_ATTR {
    for (int p = 0; p < y.panels(); p++)
      for (int r = 0; r < y.rows; r++) store(activate<kActivation>(load(y.row(p, r))), y.row(p, r));
  });
}

HWY_NOINLINE void times_derivative_stored(Activation activation, ConstPanels h, Panels dx) {
  with_activation(activation, [&]<Activation kActivation>() HWY_ATTR {
    for (int p = 0; p < dx.panels(); p++)
      for (int r = 0; r < dx.rows; r++)
        store(times_derivative<kActivation>(load(dx.row(p, r)), load(h.row(p, r))), dx.row(p, r));
  });
}

struct ForwardTile {
  ConstPanels x0, x1;
  const float* weights;
  const float* bias;
  Activation activation;
  Panels y;

  template <int R, int P>
  HWY_INLINE void operator()(int row, int panel) const {
    const std::ptrdiff_t stride = static_cast<std::ptrdiff_t>(x0.width + x1.width) * kPanel;
    Lanes acc[R][P];
    HWY_UNROLL_ALL for (int p = 0; p < P; p++) {
      const Lanes start = bias ? load(bias + (panel + p) * kPanel) : fill(0);
      HWY_UNROLL_ALL for (int r = 0; r < R; r++) acc[r][p] = start;
    }
    const float* w = multiply(x0, row, weights + panel * stride, stride, acc);
    if (x1.width > 0) multiply(x1, row, w, stride, acc);
    if (activation == Activation::relu) {
      HWY_UNROLL_ALL for (int r = 0; r < R; r++) HWY_UNROLL_ALL for (int p = 0; p < P; p++) acc[r][p] =
          activate<Activation::relu>(acc[r][p]);
    }
    HWY_UNROLL_ALL for (int r = 0; r < R; r++) HWY_UNROLL_ALL for (int p = 0; p < P; p++)
        store(acc[r][p], y.row(panel + p, row + r));
  }
};

struct BackwardInputTile {
  ConstPanels dz;
  const float* transposed;
  Activation activation;
  ConstPanels h;
  Panels dx;

  template <int R, int P>
  HWY_INLINE void operator()(int row, int panel) const {
    const std::ptrdiff_t stride = static_cast<std::ptrdiff_t>(dz.width) * kPanel;
    Lanes acc[R][P];
    HWY_UNROLL_ALL for (int r = 0; r < R; r++) HWY_UNROLL_ALL for (int p = 0; p < P; p++) acc[r][p] = fill(0);
    multiply(dz, row, transposed + panel * stride, stride, acc);
    if (activation == Activation::relu) {
      HWY_UNROLL_ALL for (int r = 0; r < R; r++) HWY_UNROLL_ALL for (int p = 0; p < P; p++) acc[r][p] =
          times_derivative<Activation::relu>(acc[r][p], load(h.row(panel + p, row + r)));
    }
    HWY_UNROLL_ALL for (int r = 0; r < R; r++) HWY_UNROLL_ALL for (int p = 0; p < P; p++)
        store(acc[r][p], dx.row(panel + p, row + r));
  }
};

// Rows of this tile are inputs k of one panel of x; the loop runs over the rows of the minibatch.
struct BackwardWeightsTile {
  const float* x;  // one panel [batch][16]
  ConstPanels dz;
  float* gradient;
  std::ptrdiff_t stride;

  template <int R, int P>
  HWY_INLINE void operator()(int k, int panel) const {
    Lanes acc[R][P];
    HWY_UNROLL_ALL for (int r = 0; r < R; r++) HWY_UNROLL_ALL for (int p = 0; p < P; p++) acc[r][p] = fill(0);
    const float* HWY_RESTRICT a = x + k;
    const float* HWY_RESTRICT b = dz.row(panel, 0);
    for (int m = 0; m < dz.rows; m++) {
      Lanes rows[P];
      HWY_UNROLL_ALL for (int p = 0; p < P; p++) rows[p] = load(b + p * dz.stride + m * kPanel);
      HWY_UNROLL_ALL for (int r = 0; r < R; r++) {
        const auto value = hn::Set(Tag(), a[m * kPanel + r]);
        HWY_UNROLL_ALL for (int p = 0; p < P; p++) DDPG_EACH_VECTOR acc[r][p].v[i] =
            hn::MulAdd(value, rows[p].v[i], acc[r][p].v[i]);
      }
    }
    HWY_UNROLL_ALL for (int r = 0; r < R; r++) HWY_UNROLL_ALL for (int p = 0; p < P; p++)
        store(acc[r][p], gradient + (panel + p) * stride + (k + r) * kPanel);
  }
};

// The outputs of a layer of width 1 for R rows: dot products over 16 lanes.
template <int R>
HWY_INLINE void dot_rows(ConstPanels x0, ConstPanels x1, int row, const float* weights, float* sums) {
  Lanes acc[R];
  HWY_UNROLL_ALL for (int r = 0; r < R; r++) acc[r] = fill(0);
  for (const ConstPanels* x : {&x0, &x1})
    for (int panel = 0; panel < x->panels(); panel++, weights += kPanel) {
      const Lanes w = load(weights);
      HWY_UNROLL_ALL for (int r = 0; r < R; r++) acc[r] = fma(load(x->row(panel, row + r)), w, acc[r]);
    }
  HWY_UNROLL_ALL for (int r = 0; r < R; r++) sums[r] = tree_sum(acc[r]);
}

void dense_forward_one(ConstPanels x0, ConstPanels x1, const float* weights, const float* bias, Activation activation,
                       Panels y) {
  const float shift = bias ? bias[0] : 0.0f;
  float sums[kPanel] = {};
  for (int row = 0; row < y.rows; row += kPanel) {
    const int count = HWY_MIN(kPanel, y.rows - row);
    int r = 0;
    for (; r + 4 <= count; r += 4) dot_rows<4>(x0, x1, row + r, weights, sums + r);
    for (; r < count; r++) dot_rows<1>(x0, x1, row + r, weights, sums + r);
    Lanes z = add(load(sums), fill(shift));
    with_activation(activation, [&]<Activation kActivation>() HWY_ATTR { z = activate<kActivation>(z); });
    store(z, sums);
    for (r = 0; r < count; r++) y.at(row + r, 0) = sums[r];
  }
}

// Rows whose activations stay in the first-level cache while the weights stream by.
constexpr int kRowBlock = 4 * kTileRows;

void dense_forward(ConstPanels x0, ConstPanels x1, const float* weights, const float* bias, Activation activation,
                   Panels y) {
  if (y.width == 1) return dense_forward_one(x0, x1, weights, bias, activation, y);
  for (int begin = 0; begin < y.rows; begin += kRowBlock) {
    const int end = HWY_MIN(begin + kRowBlock, y.rows);
    cover(end - begin, y.panels(),
          ForwardTile{x0.block(begin, end), x1.block(begin, end), weights, bias, activation, y.block(begin, end)});
    if (activation == Activation::tanh || activation == Activation::elu)
      activate_stored(activation, y.block(begin, end));
  }
}

void dense_backward_input(ConstPanels dz, const float* transposed, Activation activation, ConstPanels h, Panels dx) {
  for (int begin = 0; begin < dx.rows; begin += kRowBlock) {
    const int end = HWY_MIN(begin + kRowBlock, dx.rows);
    cover(end - begin, dx.panels(),
          BackwardInputTile{dz.block(begin, end), transposed, activation, h.block(begin, end), dx.block(begin, end)});
    if (activation == Activation::tanh || activation == Activation::elu)
      times_derivative_stored(activation, h.block(begin, end), dx.block(begin, end));
  }
}

void dense_backward_weights(ConstPanels x, ConstPanels dz, float* gradient, std::ptrdiff_t stride) {
  for (int panel = 0; panel < x.panels(); panel++)
    cover(HWY_MIN(kPanel, x.width - panel * kPanel), dz.panels(),
          BackwardWeightsTile{x.row(panel, 0), dz, gradient + panel * kPanel * kPanel, stride});
}

}  // namespace

void fill_dense(Kernels& kernels) {
  kernels.name = hwy::TargetName(HWY_TARGET);
  kernels.dense_forward = dense_forward;
  kernels.dense_backward_input = dense_backward_input;
  kernels.dense_backward_weights = dense_backward_weights;
}

}  // namespace HWY_NAMESPACE
}  // namespace ddpg
HWY_AFTER_NAMESPACE();
#else
namespace ddpg::HWY_NAMESPACE {
void fill_dense(Kernels&) {}  // Highway's baseline: never chosen
}  // namespace ddpg::HWY_NAMESPACE
#endif

#if HWY_ONCE
namespace ddpg {
HWY_EXPORT(fill_dense);
void fill_dense_kernels(Kernels& kernels) {
  HWY_DYNAMIC_DISPATCH(fill_dense)(kernels);
}
}  // namespace ddpg
#endif
