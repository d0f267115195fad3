// Packs a policy's numbers as the kernels read them, and runs it: see actor.h.
#include "deploy/actor.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <new>

namespace ddpg::deploy {
namespace {

constexpr std::align_val_t kAlignment{64};  // a cache line

}  // namespace

// One block of memory, dealt out twice: first without it, to learn its size; then it is filled.
struct Actor::Arena {
  unsigned char* base = nullptr;
  std::uint64_t used = 0;

  template <class Number>
  Number* take(std::int64_t count) noexcept {
    unsigned char* const place = base ? base + used : nullptr;
    const std::uint64_t bytes = static_cast<std::uint64_t>(count) * sizeof(Number);
    used += (bytes + 63) / 64 * 64;
    return reinterpret_cast<Number*>(place);
  }

  // `size` numbers out of `from`, zeros up to `room`.
  template <class Number, class View>
  const Number* copy(const View& from, int size, std::int64_t room) noexcept {
    Number* const to = take<Number>(room);
    for (int i = 0; to && from && i < size; i++) to[i] = from[static_cast<std::uint64_t>(i)];
    return to;
  }
  const float* panels(const Floats& from, int width) noexcept { return copy<float>(from, width, padded(width)); }

  const float* weights(const LayerView& layer) noexcept;
  Norm norm(const NormView& norm, int width) noexcept;
};

// In the layout of kernels.h.
const float* Actor::Arena::weights(const LayerView& layer) noexcept {
  if (layer.out == 1) return panels(layer.weights, layer.in);
  const std::int64_t width = padded(layer.out), in = layer.in;
  float* const to = take<float>(width * in);
  if (!to) return to;
  for (std::int64_t n = 0; n < layer.out; n++) {
    constexpr std::int64_t kColumns = kGroup * kPanel;
    const std::int64_t begin = n / kColumns * kColumns, columns = width - begin < kColumns ? width - begin : kColumns;
    float* column = to + begin * in + (n - begin);
    for (std::int64_t k = 0; k < in; k++) column[k * columns] = layer.weights[static_cast<std::uint64_t>(n * in + k)];
  }
  return to;
}

// Batch normalisation with running statistics is scale (z - mean) + shift: its scale is computed here, once.
Actor::Norm Actor::Arena::norm(const NormView& norm, int width) noexcept {
  if (!norm.present()) return {};
  float* const scale = take<float>(padded(width));
  for (int i = 0; scale && i < width; i++) {
    const auto at = static_cast<std::uint64_t>(i);
    const float inverse = norm.variance ? 1.0f / std::sqrt(norm.variance[at] + kNormEpsilon) : 1.0f;
    scale[i] = norm.gain[at] * inverse;
  }
  return {scale, norm.mean ? panels(norm.mean, width) : nullptr, panels(norm.shift, width)};
}

void Actor::lay_out(const PolicyView& view, Arena& arena) noexcept {
  input_norm_ = arena.norm(view.input_norm, view.observation_size);
  std::int64_t widest = 0;
  for (int n = 0; n < view.layers_count; n++) {
    const LayerView& layer = view.layers[n];
    const bool last = n + 1 == view.layers_count;
    widest = padded(layer.out) > widest ? padded(layer.out) : widest;
    const float* const weights = arena.weights(layer);
    layers_[n].dense = {layer.in, layer.out, weights, arena.panels(layer.bias, layer.out)};
    layers_[n].norm = arena.norm(layer.norm, layer.out);
    layers_[n].activation = last ? view.output_activation : view.activation;
  }
  const int actions = view.action_size, observations = view.observation_size;
  mean_ = arena.copy<double>(view.mean, observations, view.normalise ? observations : 0);
  deviation_ = arena.copy<double>(view.deviation, observations, view.normalise ? observations : 0);
  low_ = arena.copy<float>(view.low, actions, actions);
  high_ = arena.copy<float>(view.high, actions, actions);
  float* const centre = arena.take<float>(actions);
  float* const half_range = arena.take<float>(actions);
  for (int i = 0; centre && i < actions; i++) {
    centre[i] = 0.5f * low_[i] + 0.5f * high_[i];
    half_range[i] = 0.5f * high_[i] - 0.5f * low_[i];
  }
  centre_ = centre, half_range_ = half_range;
  input_stride_ = padded(observations), work_stride_ = widest;
  input_ = arena.take<float>(kRows * input_stride_);
  for (float*& work : work_) work = arena.take<float>(kRows * work_stride_);
}

bool Actor::build(const PolicyView& view, const Kernels& kernels) noexcept {
  kernels_ = &kernels;
  observation_size_ = view.observation_size;
  action_size_ = view.action_size;
  layers_count_ = view.layers_count;
  normalise_ = view.normalise;
  clip_ = view.clip;
  Arena arena;
  lay_out(view, arena);
  if (arena.used > std::numeric_limits<std::ptrdiff_t>::max()) return false;
  const auto size = static_cast<std::size_t>(arena.used);
  memory_ = ::operator new(size, kAlignment, std::nothrow);
  if (!memory_) return false;
  std::memset(memory_, 0, size);
  arena = {static_cast<unsigned char*>(memory_), 0};
  lay_out(view, arena);
  return true;
}

Actor::~Actor() {
  ::operator delete(memory_, kAlignment);
}

template <class Number>
bool Actor::load_row(int r, const Number* observation) noexcept {
  float* const row = input_ + r * input_stride_;
  bool finite = true;
  for (int i = 0; i < observation_size_; i++) {
    row[i] = static_cast<float>(observation[i]);
    finite = finite && std::isfinite(row[i]);
    if (!normalise_) continue;
    const double x = (static_cast<double>(observation[i]) - mean_[i]) / deviation_[i];
    row[i] = static_cast<float>(x < -clip_ ? -clip_ : clip_ < x ? clip_ : x);
  }
  return finite;
}
template bool Actor::load_row(int r, const float* observation) noexcept;
template bool Actor::load_row(int r, const double* observation) noexcept;

void Actor::normalise(const Norm& norm, int width, Activation activation, Rows y) const noexcept {
  if (norm.mean)
    kernels_->batch_norm(static_cast<int>(padded(width)), norm.scale, norm.mean, norm.shift, activation, y);
  else
    kernels_->layer_norm(width, norm.scale, norm.shift, activation, y);
}

// Whether layer n and the next, the last, are computed at once for one row.
bool Actor::takes_along(int n) const noexcept {
  const Layer& layer = layers_[n];
  const bool at_once = layer.activation == Activation::relu || layer.activation == Activation::linear;
  if (n + 2 != layers_count_ || !at_once || layer.norm.scale || layer.dense.out == 1) return false;
  return layers_[n + 1].dense.out > 1 && layers_[n + 1].dense.out <= kPanel;
}

void Actor::run(int rows) noexcept {
  const int count = rows == 1 ? 1 : kRows;  // of rows that nobody asked for nothing is read
  Rows x{input_, input_stride_, count};
  if (input_norm_.scale) normalise(input_norm_, observation_size_, Activation::linear, x);
  for (int n = 0; n < layers_count_; n++) {
    const Layer& layer = layers_[n];
    const Rows y{work_[n % 2], work_stride_, count};
    const bool norm = layer.norm.scale != nullptr;
    if (count == 1 && takes_along(n)) {
      const Layer& last = layers_[++n];
      const Rows z{work_[n % 2], work_stride_, count};
      kernels_->two_dense(layer.dense, x, layer.activation, y, last.dense, last.activation, z);
      x = z;
      continue;
    }
    kernels_->dense(layer.dense, x, norm ? Activation::linear : layer.activation, y);
    if (norm) normalise(layer.norm, layer.dense.out, layer.activation, y);
    x = y;
  }
  output_ = x.data;
}

bool Actor::finite(int r) const noexcept {
  bool finite = true;
  for (int i = 0; i < action_size_; i++) finite = finite && !std::isnan(output_[r * work_stride_ + i]);
  return finite;
}

void Actor::action(int r, float* action) const noexcept {
  const float* const u = output_ + r * work_stride_;
  for (int i = 0; i < action_size_; i++) {
    const float a = std::fma(half_range_[i], u[i], centre_[i]);
    action[i] = a < low_[i] ? low_[i] : high_[i] < a ? high_[i] : a;
  }
}

}  // namespace ddpg::deploy
