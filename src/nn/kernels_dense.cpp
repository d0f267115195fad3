// The products of a dense layer as register tiles: R rows by V vectors of outputs, every accumulator in a register.
// docs/kernels.md goes from the formula to this file. What is computed, and in which order, is defined in
// kernels_reference.cpp.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels_dense.cpp"
#include "nn/kernels_targets.h"
// clang-format off
#include <hwy/foreach_target.h>
// clang-format on
#include "nn/one_output-inl.h"

#if DDPG_TARGET_FUSES
HWY_BEFORE_NAMESPACE();
namespace ddpg {
namespace HWY_NAMESPACE {
namespace {

// Registers that may hold accumulators; the rest is for the operands: 12 of 16 (AVX2), 24 of 32 (AVX-512, NEON).
constexpr int kAccumulators = HWY_TARGET == HWY_AVX2 ? 12 : 24;
constexpr int kTileRows = kVectors == 1 ? 12 : kAccumulators / kVectors;

// Weights of more floats than this, 384 KB, do not stay in the second-level cache.
constexpr std::ptrdiff_t kFarWeights = 96 * 1024;

// A tile is R rows by V vectors of outputs; vector v is part v % kVectors of panel v / kVectors.
template <int R, int V>
using Tile = Vector[R][V];

#define DDPG_EACH_ROW HWY_UNROLL_ALL for (int r = 0; r < R; r++)
#define DDPG_EACH_COLUMN HWY_UNROLL_ALL for (int v = 0; v < V; v++)

HWY_INLINE std::ptrdiff_t vector_offset(int v, std::ptrdiff_t stride) {
  return v / kVectors * stride + v % kVectors * kLanes;
}

// What a narrow tile leaves of a panel's row: zero.
template <int V>
HWY_INLINE void store_padding(float* row) {
  HWY_UNROLL_ALL for (int v = V; v < kVectors; v++) hn::StoreU(hn::Zero(Tag()), Tag(), row + v * kLanes);
}

// tile[r][v] += x[r] * w[v], for one k.
template <int R, int V>
HWY_INLINE void multiply_one(const float* HWY_RESTRICT x, const float* HWY_RESTRICT w, std::ptrdiff_t stride,
                             Tile<R, V>& tile) {
  Vector b[V];
  DDPG_EACH_COLUMN b[v] = hn::LoadU(Tag(), w + vector_offset(v, stride));
  DDPG_EACH_ROW {
    const auto a = hn::Set(Tag(), x[r * kPanel]);
    DDPG_EACH_COLUMN tile[r][v] = hn::MulAdd(a, b[v], tile[r][v]);
  }
}

// tile[r][v] += sum over k of x[row + r][k] * w[v][k]. w advances 16 floats for each k; panels of w lie `stride` apart.
// Weights that do not fit the second-level cache are `far`: each tile fetches an eighth of the next panel into it.
template <int R, int V>
HWY_INLINE const float* multiply(ConstPanels x, int row, const float* HWY_RESTRICT w, std::ptrdiff_t stride, bool far,
                                 Tile<R, V>& tile) {
  const int whole = x.width / kPanel, rest = x.width % kPanel;
  const float* HWY_RESTRICT a = x.row(0, row);
  const std::ptrdiff_t ahead = (V + kVectors - 1) / kVectors * stride + row / R % 8 * 2 * kPanel;
  for (int panel = 0; panel < whole; panel++, a += x.stride, w += kPanel * kPanel) {
    DDPG_EACH_ROW hwy::Prefetch(a + (R + r) * kPanel);  // the same panel of the next tile
    if (far) HWY_UNROLL_ALL for (int i = 0; i < 2; i++) __builtin_prefetch(w + ahead + i * kPanel, 0, 2);
    HWY_UNROLL_ALL for (int k = 0; k < kPanel; k++) multiply_one<R, V>(a + k, w + k * kPanel, stride, tile);
  }
  for (int k = 0; k < rest; k++, w += kPanel) multiply_one<R, V>(a + k, w, stride, tile);
  return w;
}

// What becomes of a tile's sums before they are stored.
enum class Finish { nothing, relu, relu_derivative };

// y = finish(start + x0 W0' + x1 W1') on tiles.
struct Product {
  ConstPanels x0, x1;
  const float* weights;
  std::ptrdiff_t stride;  // between panels of weights
  const float* bias;      // where the sums start; null: at y if `resumed`, otherwise at zero
  bool resumed;
  Finish finish;
  ConstPanels h;  // for relu_derivative
  Panels y;
  bool far = stride * y.panels() > kFarWeights;

  template <int R, int V>
  HWY_INLINE void run(int row, int panel) const {
    Tile<R, V> tile;
    const std::ptrdiff_t next_biases = kPanel;  // from the biases of one panel to those of the next
    if (resumed) {
      DDPG_EACH_ROW DDPG_EACH_COLUMN tile[r][v] = hn::LoadU(Tag(), y.row(panel, row + r) + vector_offset(v, y.stride));
    } else if (bias) {
      DDPG_EACH_COLUMN tile[0][v] = hn::LoadU(Tag(), bias + panel * kPanel + vector_offset(v, next_biases));
      HWY_UNROLL_ALL for (int r = 1; r < R; r++) DDPG_EACH_COLUMN tile[r][v] = tile[0][v];
    } else {
      DDPG_EACH_ROW DDPG_EACH_COLUMN tile[r][v] = hn::Zero(Tag());
    }
    const float* w = multiply<R, V>(x0, row, weights + panel * stride, stride, far, tile);
    if (x1.width > 0) multiply<R, V>(x1, row, w, stride, far, tile);
    if (finish == Finish::relu) {
      DDPG_EACH_ROW DDPG_EACH_COLUMN tile[r][v] = activate<Activation::relu>(tile[r][v]);
    } else if (finish == Finish::relu_derivative) {
      DDPG_EACH_ROW DDPG_EACH_COLUMN tile[r][v] = times_derivative<Activation::relu>(
          tile[r][v], hn::LoadU(Tag(), h.row(panel, row + r) + vector_offset(v, h.stride)));
    }
    DDPG_EACH_ROW DDPG_EACH_COLUMN hn::StoreU(tile[r][v], Tag(), y.row(panel, row + r) + vector_offset(v, y.stride));
    DDPG_EACH_ROW store_padding<V>(y.row(panel, row + r));
  }
};

// The gradient of the weights: the tile's rows are inputs k, its loop runs over the rows of the minibatch.
struct WeightGradient {
  ConstPanels x, dz;
  bool resumed;
  float* gradient;  // [dz panel][k][16]
  std::ptrdiff_t stride;

  template <int R, int V>
  HWY_INLINE void run(int k, int panel) const {
    Tile<R, V> tile;
    float* const to = gradient + panel * stride + k * kPanel;
    if (resumed) {
      DDPG_EACH_ROW DDPG_EACH_COLUMN tile[r][v] = hn::LoadU(Tag(), to + r * kPanel + vector_offset(v, stride));
    } else {
      DDPG_EACH_ROW DDPG_EACH_COLUMN tile[r][v] = hn::Zero(Tag());
    }
    const float* a[R];  // the columns of x: not always in one panel
    DDPG_EACH_ROW a[r] = x.row((k + r) / kPanel, 0) + (k + r) % kPanel;
    const float* HWY_RESTRICT b = dz.row(panel, 0);
    const std::ptrdiff_t end = static_cast<std::ptrdiff_t>(dz.rows) * kPanel;
    HWY_UNROLL_SOME for (std::ptrdiff_t m = 0; m < end; m += kPanel) {
      Vector d[V];
      DDPG_EACH_COLUMN d[v] = hn::LoadU(Tag(), b + m + vector_offset(v, dz.stride));
      DDPG_EACH_ROW {
        const auto value = hn::Set(Tag(), a[r][m]);
        DDPG_EACH_COLUMN tile[r][v] = hn::MulAdd(value, d[v], tile[r][v]);
      }
    }
    DDPG_EACH_ROW DDPG_EACH_COLUMN hn::StoreU(tile[r][v], Tag(), to + r * kPanel + vector_offset(v, stride));
    DDPG_EACH_ROW store_padding<V>(to + r * kPanel);
  }
};

// V vectors of columns from `panel` on, rows from `row` on as far as tiles of R rows go; returns the next row.
template <int R, int V, class Work>
HWY_INLINE int rows_of_tiles(int row, int rows, int panel, const Work& work) {
  for (; row + R <= rows; row += R) work.template run<R, V>(row, panel);
  return row;
}

// Panels side by side in a tile of R rows.
template <int R>
constexpr int panels_for_rows() {
  constexpr int most = kAccumulators / (R * kVectors);
  return most >= 4 ? 4 : most >= 2 ? 2 : 1;
}

// All of `panels` whole panels of columns, for as many rows from `row` on as tiles of R rows cover; returns the
// next row. The panels' weights stay in the first-level cache while the rows go by.
template <int R, class Work>
HWY_INLINE int cover_rows(int row, int rows, int panels, const Work& work) {
  if (row + R > rows) return row;
  constexpr int P = panels_for_rows<R>();
  int panel = 0;
  for (; panel + P <= panels; panel += P) rows_of_tiles<R, P * kVectors>(row, rows, panel, work);
  for (; panel < panels; panel++) rows_of_tiles<R, kVectors>(row, rows, panel, work);
  return row + (rows - row) / R * R;
}

// Every output of `rows` rows and `width` columns. Where the columns of the last panel fit one vector, its tiles are
// one vector wide, and higher.
template <class Work>
HWY_INLINE void cover(int rows, int width, const Work& work) {
  const bool narrow = kVectors > 1 && width % kPanel > 0 && width % kPanel <= kLanes;
  const int panels = panels_of(width) - (narrow ? 1 : 0);
  int row = cover_rows<kTileRows>(0, rows, panels, work);
  if constexpr (kTileRows > 8) row = cover_rows<8>(row, rows, panels, work);
  row = cover_rows<4>(row, rows, panels, work);
  row = cover_rows<2>(row, rows, panels, work);
  row = cover_rows<1>(row, rows, panels, work);
  if (!narrow) return;
  row = rows_of_tiles<12, 1>(0, rows, panels, work);
  row = rows_of_tiles<4, 1>(row, rows, panels, work);
  row = rows_of_tiles<1, 1>(row, rows, panels, work);
}

// The activations that do not fit a tile's registers, on what it has stored.
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

ConstPanels panels_between(ConstPanels x, int first, int last) {
  return {x.row(first, 0), x.rows, HWY_MIN(x.width, last * kPanel) - first * kPanel, x.stride};
}

// How much of a sum is done at a time: so many panels of x that their weights and a tile's rows stay in the
// first-level cache (16 KB and 6 KB).
constexpr int kSumPanels = 16 / panels_for_rows<kTileRows>();
// Rows of a minibatch that a sum over it takes at a time, for the same reason.
constexpr int kSumRows = 256;
// Panels of inputs that stay in the second-level cache meanwhile (96 KB); a multiple of every tile's rows.
constexpr int kInputPanels = 6;

// Rows at a time, for callers that do not cut them: their part of x (192 KB) stays in the second-level cache.
constexpr int kProductRows = 192;

// A whole product: cut into blocks of rows, and along the sums where they are long: first x0, then x1, of which a
// single panel, as actions are, goes with the last piece of x0.
void products(const Product& whole) {
  const auto pieces_of = [](ConstPanels x) { return (x.panels() + kSumPanels - 1) / kSumPanels; };
  const int pieces0 = pieces_of(whole.x0), pieces1 = whole.x1.panels() > 1 ? pieces_of(whole.x1) : 0;
  for (int begin = 0; begin < whole.y.rows; begin += kProductRows) {
    const int end = HWY_MIN(begin + kProductRows, whole.y.rows);
    for (int piece = 0; piece < pieces0 + pieces1; piece++) {
      const bool in_x0 = piece < pieces0, is_last = piece + 1 == pieces0 + pieces1;
      const ConstPanels x = in_x0 ? whole.x0 : whole.x1;
      const int pieces = in_x0 ? pieces0 : pieces1, n = in_x0 ? piece : piece - pieces0;
      const int first = x.panels() * n / pieces, last = x.panels() * (n + 1) / pieces;
      Product part = whole;
      part.x0 = panels_between(x.block(begin, end), first, last);
      part.x1 = is_last && in_x0 ? whole.x1.block(begin, end) : ConstPanels{};
      part.weights += ((in_x0 ? 0 : whole.x0.width) + first * kPanel) * kPanel;
      part.h = whole.h.block(begin, end);
      part.y = whole.y.block(begin, end);
      part.resumed = piece > 0;
      if (!is_last) part.finish = Finish::nothing;
      cover(part.y.rows, part.y.width, part);
    }
  }
}

void dense_forward(ConstPanels x0, ConstPanels x1, const float* weights, const float* bias, Activation activation,
                   Panels y) {
  if (y.width == 1) return dense_forward_one(x0, x1, weights, bias, activation, y);
  const std::ptrdiff_t stride = static_cast<std::ptrdiff_t>(x0.width + x1.width) * kPanel;
  const Finish finish = activation == Activation::relu ? Finish::relu : Finish::nothing;
  products({x0, x1, weights, stride, bias, false, finish, {}, y});
  if (finish == Finish::nothing && activation != Activation::linear) activate_stored(activation, y);
}

void dense_backward_input(ConstPanels dz, const float* transposed, Activation activation, ConstPanels h, Panels dx) {
  if (dz.width == 1) return dense_backward_one(dz, transposed, activation, h, dx);
  const std::ptrdiff_t stride = static_cast<std::ptrdiff_t>(dz.width) * kPanel;
  const Finish finish = activation == Activation::relu ? Finish::relu_derivative : Finish::nothing;
  products({dz, {}, transposed, stride, nullptr, false, finish, h, dx});
  if (finish == Finish::nothing && activation != Activation::linear) times_derivative_stored(activation, h, dx);
}

void dense_backward_weights(ConstPanels x, ConstPanels dz, float* gradient, std::ptrdiff_t stride) {
  for (int begin = 0; begin < x.rows; begin += kSumRows) {
    const int end = HWY_MIN(begin + kSumRows, x.rows);
    const ConstPanels rows = x.block(begin, end);
    for (int panel = 0; panel < x.panels(); panel += kInputPanels) {
      const ConstPanels inputs = panels_between(rows, panel, HWY_MIN(panel + kInputPanels, x.panels()));
      cover(inputs.width, dz.width,
            WeightGradient{inputs, dz.block(begin, end), begin > 0, gradient + panel * kPanel * kPanel, stride});
    }
  }
}

}  // namespace

void fill_dense(Kernels& kernels) {
  kernels.name = hwy::TargetName(HWY_TARGET);
  kernels.dense_forward = dense_forward;
  kernels.dense_backward_input = dense_backward_input;
  kernels.dense_backward_weights = dense_backward_weights;
  kernels.times_derivative = times_derivative_stored;
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
