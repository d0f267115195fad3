// The kernels for one instruction set. Included once for each by kernels.cpp, which defines
//   DDPG_SET        a name for it and the namespace
//   DDPG_TARGET     the attribute with which a function may use it
//   DDPG_VECTOR     a vector of floats, DDPG_LANES their number, DDPG_INTEGERS the same of int32
//   DDPG_FMA        a * b + c, rounded once
//   DDPG_ONE_ROW    panels of outputs computed side by side for one row, DDPG_FOUR_ROWS for four: as registers allow
// A multiply and an add are fused only where DDPG_FMA says so; no expression here leaves a compiler the choice.
#define DDPG_INLINE DDPG_TARGET [[gnu::always_inline]] static inline
#define DDPG_EACH(i, count) DDPG_UNROLL for (int i = 0; i < (count); i++)

namespace ddpg::deploy::DDPG_SET {

using Vector = DDPG_VECTOR;
using Integers = DDPG_INTEGERS;
constexpr int kLanes = DDPG_LANES;
constexpr int kVectors = kPanel / kLanes;  // in a panel
static_assert(sizeof(Vector) == kLanes * sizeof(float) && sizeof(Integers) == sizeof(Vector));

struct [[gnu::packed, gnu::may_alias]] Loose {  // a vector at any address
  Vector v;
};
DDPG_INLINE Vector load(const float* p) noexcept {
  return reinterpret_cast<const Loose*>(p)->v;
}
DDPG_INLINE void store(Vector x, float* p) noexcept {
  reinterpret_cast<Loose*>(p)->v = x;
}
DDPG_INLINE Vector fill(float x) noexcept {
  return x - Vector{};
}
// a where the mask is set, otherwise b
DDPG_INLINE Vector choose(Integers mask, Vector a, Vector b) noexcept {
  return (Vector)((mask & (Integers)a) | (~mask & (Integers)b));
}

// e^x - 1, term by term as in training.
DDPG_INLINE Vector exp_minus_one(Vector x) noexcept {
  const Vector rounder = fill(12582912.0f);  // 1.5 * 2^23: adding it rounds to an integer
  const Vector n = DDPG_FMA(x, fill(1.44269504f), rounder) - rounder;
  const Vector r = DDPG_FMA(n, fill(1.90465421e-9f), DDPG_FMA(n, fill(-0.693147182f), x));
  Vector p = DDPG_FMA(r, fill(1.0f / 5040), fill(1.0f / 720));
  p = DDPG_FMA(p, r, fill(1.0f / 120));
  p = DDPG_FMA(p, r, fill(1.0f / 24));
  p = DDPG_FMA(p, r, fill(1.0f / 6));
  p = DDPG_FMA(p, r, fill(0.5f));
  const Vector pr = p * r;
  p = DDPG_FMA(pr, r, r);
  const Vector power = (Vector)((__builtin_convertvector(n, Integers) + 127) << 23);
  return DDPG_FMA(power, p, power - fill(1.0f));
}

DDPG_INLINE Vector tanh_of(Vector x) noexcept {
  const Integers sign = (Integers)fill(-0.0f);
  const Vector size = (Vector)((Integers)x & ~sign);
  const Vector magnitude = choose((Integers)(size > fill(10.0f)), fill(10.0f), size);  // NaN passes
  const Vector t = exp_minus_one(magnitude + magnitude);
  return (Vector)((Integers)(t / (t + fill(2.0f))) | ((Integers)x & sign));
}

DDPG_INLINE Vector activate(Activation activation, Vector z) noexcept {
  const Vector low = fill(-30.0f);
  switch (activation) {
    case Activation::linear:
      return z;
    case Activation::relu:
      return choose((Integers)(z < Vector{}), Vector{}, z);  // NaN stays NaN
    case Activation::tanh:
      return tanh_of(z);
    case Activation::elu:
      return choose((Integers)(z < Vector{}), exp_minus_one(choose((Integers)(z < low), low, z)), z);
  }
  return z;
}

// The tree: i + (i + 8), i + (i + 4), i + (i + 2), 0 + 1.
inline float tree_sum(const float (&lanes)[kPanel]) noexcept {
  float s[8];
  for (int i = 0; i < 8; i++) s[i] = lanes[i] + lanes[i + 8];
  for (int i = 0; i < 4; i++) s[i] += s[i + 4];
  return (s[0] + s[2]) + (s[1] + s[3]);
}

// The sums of a layer of one panel, taken along as far as its inputs are there.
struct Along {
  Vector sum[kVectors];
  const float* w = nullptr;
  const float* x = nullptr;
  int ready = 0;  // inputs that are there and not yet taken
};
DDPG_INLINE void take(Along& along) noexcept {
  const Vector x = fill(*along.x++);
  DDPG_EACH(v, kVectors) along.sum[v] = DDPG_FMA(x, load(along.w + v * kLanes), along.sum[v]);
  along.w += kPanel;
  along.ready--;
}

// One k of a tile: w: [V vectors].
template <int R, int V>
DDPG_INLINE void step(const float* w, const float* x, std::ptrdiff_t xs, Vector (&sum)[R][V]) noexcept {
  Vector b[V];
  DDPG_EACH(v, V) b[v] = load(w + v * kLanes);
  DDPG_EACH(r, R) {
    const Vector a = fill(x[r * xs]);
    DDPG_EACH(v, V) sum[r][v] = DDPG_FMA(a, b[v], sum[r][v]);
  }
}

// P panels of outputs for R rows, every sum in a register. w: [in][..., `ws` floats from one k to the next].
template <int R, int P>
DDPG_INLINE void tile(int in, const float* w, std::ptrdiff_t ws, const float* bias, Rows x, Activation activation,
                      float* y, std::ptrdiff_t ys, Along* along) noexcept {
  constexpr int V = P * kVectors;
  Vector sum[R][V];
  DDPG_EACH(r, R) DDPG_EACH(v, V) sum[r][v] = load(bias + v * kLanes);
  int k = 0;
  if (along) {
    Along a = *along;  // in registers
    for (; k < in && a.ready > 0; k++, w += ws) {
      step<R, V>(w, x.data + k, x.stride, sum);
      take(a);
    }
    *along = a;
  }
  for (; k < in; k++, w += ws) step<R, V>(w, x.data + k, x.stride, sum);
  if (activation == Activation::relu) DDPG_EACH(r, R) DDPG_EACH(v, V) sum[r][v] = activate(Activation::relu, sum[r][v]);
  DDPG_EACH(r, R) DDPG_EACH(v, V) store(sum[r][v], y + r * ys + v * kLanes);
  if (along) along->ready += P * kPanel;
}

// All tiles of P panels that fit into what is left of a group; says how many panels are done.
template <int R, int P>
DDPG_INLINE int tiles(int done, int panels, int in, const float* w, const float* bias, Rows x, Activation activation,
                      Rows y, std::ptrdiff_t at, Along* along) noexcept {
  for (; done + P <= panels; done += P)
    tile<R, P>(in, w + done * kPanel, static_cast<std::ptrdiff_t>(panels) * kPanel, bias + at + done * kPanel, x,
               activation, y.data + at + done * kPanel, y.stride, along);
  return done;
}

template <int R, int P>
DDPG_INLINE void groups(const Dense& layer, Rows x, Activation activation, Rows y, Along* along) noexcept {
  const std::ptrdiff_t width = padded(layer.out);
  for (std::ptrdiff_t at = 0; at < width; at += kGroup * kPanel) {
    const int panels = static_cast<int>((width - at) / kPanel < kGroup ? (width - at) / kPanel : kGroup);
    const float* w = layer.weights + at * layer.in;
    int done = tiles<R, P>(0, panels, layer.in, w, layer.bias, x, activation, y, at, along);
    if constexpr (P > 2) done = tiles<R, 2>(done, panels, layer.in, w, layer.bias, x, activation, y, at, along);
    if constexpr (P > 1) done = tiles<R, 1>(done, panels, layer.in, w, layer.bias, x, activation, y, at, along);
  }
}

// The activations that are longer than a tile's registers, on what it has stored.
DDPG_TARGET inline void activate_rows(Activation activation, std::ptrdiff_t width, Rows y) noexcept {
  for (int r = 0; r < y.count; r++)
    for (std::ptrdiff_t i = 0; i < width; i += kLanes) store(activate(activation, load(y.row(r) + i)), y.row(r) + i);
}

// A layer of width 1: a dot product over 16 lanes.
DDPG_INLINE void one_output(const Dense& layer, Rows x, Rows y) noexcept {
  for (int r = 0; r < y.count; r++) {
    Vector sum[kVectors] = {};
    for (std::ptrdiff_t k = 0; k < padded(layer.in); k += kPanel) DDPG_EACH(v, kVectors)
    sum[v] = DDPG_FMA(load(x.row(r) + k + v * kLanes), load(layer.weights + k + v * kLanes), sum[v]);
    float lanes[kPanel];
    DDPG_EACH(v, kVectors) store(sum[v], lanes + v * kLanes);
    for (int i = 0; i < kPanel; i++) y.row(r)[i] = 0;
    y.row(r)[0] = tree_sum(lanes) + layer.bias[0];
  }
}

DDPG_TARGET inline void dense(const Dense& layer, Rows x, Activation activation, Rows y) noexcept {
  const bool one = layer.out == 1;
  if (one)
    one_output(layer, x, y);
  else if (y.count == 1)
    groups<1, DDPG_ONE_ROW>(layer, x, activation, y, nullptr);
  else
    groups<kRows, DDPG_FOUR_ROWS>(layer, x, activation, y, nullptr);
  const bool done = activation == Activation::linear || (activation == Activation::relu && !one);
  if (!done) activate_rows(activation, padded(layer.out), y);
}

DDPG_TARGET inline void two_dense(const Dense& layer, Rows x, Activation activation, Rows y, const Dense& last,
                                  Activation final, Rows z) noexcept {
  Along along;
  DDPG_EACH(v, kVectors) along.sum[v] = load(last.bias + v * kLanes);
  along.w = last.weights, along.x = y.data;
  groups<1, DDPG_ONE_ROW>(layer, x, activation, y, &along);
  along.ready -= static_cast<int>(padded(layer.out)) - layer.out;  // padding is no input
  while (along.ready > 0) take(along);
  DDPG_EACH(v, kVectors) store(activate(final, along.sum[v]), z.data + v * kLanes);
}

DDPG_TARGET inline void batch_norm(int width, const float* scale, const float* mean, const float* shift,
                                   Activation activation, Rows y) noexcept {
  for (int r = 0; r < y.count; r++)
    for (std::ptrdiff_t i = 0; i < width; i += kLanes) {
      const Vector centred = load(y.row(r) + i) - load(mean + i);
      store(activate(activation, DDPG_FMA(load(scale + i), centred, load(shift + i))), y.row(r) + i);
    }
}

DDPG_TARGET inline void layer_norm(int width, const float* gain, const float* shift, Activation activation,
                                   Rows y) noexcept {
  const std::ptrdiff_t whole = width / kPanel * kPanel;
  for (int r = 0; r < y.count; r++) {
    float* const z = y.row(r);
    float lanes[kPanel] = {};
    for (std::ptrdiff_t i = 0; i < width; i++) lanes[i % kPanel] += z[i];
    const float mean = tree_sum(lanes) / static_cast<float>(width);
    Vector squares[kVectors] = {};
    for (std::ptrdiff_t i = 0; i < whole; i += kPanel) DDPG_EACH(v, kVectors) {
        const Vector d = load(z + i + v * kLanes) - fill(mean);
        squares[v] = DDPG_FMA(d, d, squares[v]);
      }
    DDPG_EACH(v, kVectors) store(squares[v], lanes + v * kLanes);
    for (std::ptrdiff_t i = whole; i < width; i++)
      lanes[i % kPanel] = __builtin_fmaf(z[i] - mean, z[i] - mean, lanes[i % kPanel]);
    const float inverse = 1.0f / __builtin_sqrtf(tree_sum(lanes) / static_cast<float>(width) + kNormEpsilon);
    for (std::ptrdiff_t i = 0; i < padded(width); i++) z[i] = i < width ? (z[i] - mean) * inverse : 0.0f;
    for (std::ptrdiff_t i = 0; i < padded(width); i += kLanes)
      store(activate(activation, DDPG_FMA(load(gain + i), load(z + i), load(shift + i))), z + i);
  }
}

DDPG_TARGET inline void add(int width, Rows other, Activation activation, Rows y) noexcept {
  for (int r = 0; other.data && r < y.count; r++)
    for (std::ptrdiff_t i = 0; i < width; i += kLanes) store(load(y.row(r) + i) + load(other.row(r) + i), y.row(r) + i);
  if (activation != Activation::linear) activate_rows(activation, width, y);
}

// What pads a row is 0 and adds nothing.
DDPG_TARGET inline void avg_l1_norm(int width, Rows y) noexcept {
  const Integers sign = (Integers)fill(-0.0f);
  for (int r = 0; r < y.count; r++) {
    Vector sum[kVectors] = {};
    for (std::ptrdiff_t i = 0; i < padded(width); i += kPanel) DDPG_EACH(v, kVectors)
    sum[v] = sum[v] + (Vector)((Integers)load(y.row(r) + i + v * kLanes) & ~sign);
    float lanes[kPanel];
    DDPG_EACH(v, kVectors) store(sum[v], lanes + v * kLanes);
    const float average = tree_sum(lanes) / static_cast<float>(width);
    const Vector divisor = fill(average < kAvgL1Epsilon ? kAvgL1Epsilon : average);
    for (std::ptrdiff_t i = 0; i < padded(width); i += kLanes) store(load(y.row(r) + i) / divisor, y.row(r) + i);
  }
}

}  // namespace ddpg::deploy::DDPG_SET

#undef DDPG_INLINE
#undef DDPG_EACH
#undef DDPG_SET
#undef DDPG_TARGET
#undef DDPG_VECTOR
#undef DDPG_INTEGERS
#undef DDPG_LANES
#undef DDPG_FMA
#undef DDPG_ONE_ROW
#undef DDPG_FOUR_ROWS
