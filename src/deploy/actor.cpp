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

  const float* weights(const Floats& from, int in, int out) noexcept;
  Norm norm(const StepTensors& tensors, int width) noexcept;
};

// In the layout of kernels.h.
const float* Actor::Arena::weights(const Floats& from, int in, int out) noexcept {
  if (out == 1) return panels(from, in);
  const std::int64_t width = padded(out), inputs = in;
  float* const to = take<float>(width * inputs);
  if (!to) return to;
  for (std::int64_t n = 0; n < out; n++) {
    constexpr std::int64_t kColumns = kGroup * kPanel;
    const std::int64_t begin = n / kColumns * kColumns, columns = width - begin < kColumns ? width - begin : kColumns;
    float* column = to + begin * inputs + (n - begin);
    for (std::int64_t k = 0; k < inputs; k++) column[k * columns] = from[static_cast<std::uint64_t>(n * inputs + k)];
  }
  return to;
}

// Batch normalisation with running statistics is scale (z - mean) + shift: its scale is computed here, once.
Actor::Norm Actor::Arena::norm(const StepTensors& tensors, int width) noexcept {
  const Floats &gain = tensors[TensorPart::weight], &mean = tensors[TensorPart::running_mean],
               &variance = tensors[TensorPart::running_var];
  float* const scale = take<float>(padded(width));
  for (int i = 0; scale && i < width; i++) {
    const auto at = static_cast<std::uint64_t>(i);
    const float inverse = variance ? 1.0f / std::sqrt(variance[at] + kNormEpsilon) : 1.0f;
    scale[i] = gain[at] * inverse;
  }
  return {scale, mean ? panels(mean, width) : nullptr, panels(tensors[TensorPart::bias], width)};
}

// What a step needs beside the values that it takes.
void Actor::read_step(const Step& step, const StepTensors& tensors, int width, Arena& arena, Op& op) noexcept {
  switch (step.kind) {
    case StepKind::dense:
      op.dense = {width, op.width, arena.weights(tensors[TensorPart::weight], width, op.width),
                  arena.panels(tensors[TensorPart::bias], op.width)};
      break;
    case StepKind::layer_norm:
    case StepKind::batch_norm:
      op.norm = arena.norm(tensors, width);
      break;
    case StepKind::activate:
      op.activation = step.activation;
      break;
    case StepKind::join:
    case StepKind::add:
    case StepKind::avg_l1_norm:
    case StepKind::recall:
    case StepKind::append:
      break;
  }
}

namespace {

// Whether it writes its result elsewhere than where it reads.
bool moves(StepKind kind) noexcept {
  return kind == StepKind::dense || kind == StepKind::recall || kind == StepKind::append;
}

// Which value lies in which place of those that are kept, and until which step.
struct Places {
  int count = 0;
  int value_in[kMostKept] = {}, until[kMostKept] = {};
  bool enough = true;

  // A place for value `v`, that step v - 1 gives; -1: no later step uses it, or there are not enough places.
  int take(Steps steps, int v) noexcept {
    const int last = last_use_of(steps, v);
    if (last < 0) return -1;
    int place = 0;
    while (place < count && until[place] >= v) place++;
    if (place == kMostKept) return enough = false, -1;
    count = place < count ? count : place + 1;
    value_in[place] = v, until[place] = last;
    return place;
  }
  int of(int v) const noexcept {
    for (int place = 0; place < count; place++)
      if (value_in[place] == v) return place;
    return -1;
  }
};

}  // namespace

bool Actor::lay_out_steps(const PolicyView& view, Arena& arena) noexcept {
  const Steps steps = view.steps();
  const Widths widths(steps, view.observation_size, 0);
  Places places;
  std::int64_t widest = 0, widest_kept = 0;
  ops_count_ = 0;
  input_kept_ = places.take(steps, 0);
  if (input_kept_ >= 0) widest_kept = padded(view.observation_size);
  for (int i = 0; i < view.steps_count; i++) {
    const Step& step = steps[static_cast<std::size_t>(i)];
    Op op;
    op.kind = step.kind;
    op.width = widths.of[i + 1];
    if (takes_earlier_value(step)) op.earlier = places.of(step.value);
    if (step.kind == StepKind::append) op.earlier_width = widths.of[step.value];
    read_step(step, view.tensors[i], widths.of[i], arena, op);
    if (moves(step.kind)) widest = padded(op.width) > widest ? padded(op.width) : widest;
    if (takes_activation(steps, i)) op.activation = steps[static_cast<std::size_t>(++i)].activation;
    op.kept = places.take(steps, i + 1);
    if (op.kept >= 0) widest_kept = padded(op.width) > widest_kept ? padded(op.width) : widest_kept;
    ops_[ops_count_++] = op;
  }
  work_stride_ = widest, kept_stride_ = widest_kept;
  for (int place = 0; place < places.count; place++) kept_[place] = arena.take<float>(kRows * kept_stride_);
  return places.enough;
}

bool Actor::lay_out(const PolicyView& view, Arena& arena) noexcept {
  if (!lay_out_steps(view, arena)) return false;
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
  input_stride_ = padded(observations);
  input_ = arena.take<float>(kRows * input_stride_);
  for (float*& work : work_) work = arena.take<float>(kRows * work_stride_);
  return true;
}

bool Actor::build(const PolicyView& view, const Kernels& kernels) noexcept {
  kernels_ = &kernels;
  observation_size_ = view.observation_size;
  action_size_ = view.action_size;
  normalise_ = view.normalise;
  clip_ = view.clip;
  Arena arena;
  if (!lay_out(view, arena) || arena.used > std::numeric_limits<std::ptrdiff_t>::max()) return false;
  const auto size = static_cast<std::size_t>(arena.used);
  memory_ = ::operator new(size, kAlignment, std::nothrow);
  if (!memory_) return false;
  std::memset(memory_, 0, size);
  arena = {static_cast<unsigned char*>(memory_), 0};
  return lay_out(view, arena);
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

// Whether op n and the next, the last, are computed at once for one row: two dense steps and nothing else.
bool Actor::takes_along(int n) const noexcept {
  const Op& op = ops_[n];
  const bool at_once = op.activation == Activation::relu || op.activation == Activation::linear;
  if (n + 2 != ops_count_ || op.kind != StepKind::dense || !at_once || op.kept >= 0 || op.width == 1) return false;
  const Op& last = ops_[n + 1];
  return last.kind == StepKind::dense && last.width > 1 && last.width <= kPanel;
}

// Computes an op of x, in its place or, a dense step, in `next`; where the result is.
Rows Actor::apply(const Op& op, Rows x, Rows next) const noexcept {
  const int width = static_cast<int>(padded(op.width));
  switch (op.kind) {
    case StepKind::dense:
      kernels_->dense(op.dense, x, op.activation, next);
      return next;
    case StepKind::layer_norm:
      kernels_->layer_norm(op.width, op.norm.scale, op.norm.shift, op.activation, x);
      return x;
    case StepKind::batch_norm:
      kernels_->batch_norm(width, op.norm.scale, op.norm.mean, op.norm.shift, op.activation, x);
      return x;
    case StepKind::activate:
      kernels_->add(width, {}, op.activation, x);
      return x;
    case StepKind::add:
      kernels_->add(width, kept(op.earlier, x.count), op.activation, x);
      return x;
    case StepKind::avg_l1_norm:
      kernels_->avg_l1_norm(op.width, x);
      return x;
    case StepKind::recall:
      copy(kept(op.earlier, x.count), op.width, 0, next);
      return next;
    case StepKind::append:
      copy(x, op.width - op.earlier_width, 0, next);
      copy(kept(op.earlier, x.count), op.earlier_width, op.width - op.earlier_width, next);
      return next;
    case StepKind::join:  // there is none in an actor
      return x;
  }
  return x;
}

// Numbers [rows, width] to the columns from `column` on, with zeros behind them up to the panel's end.
void Actor::copy(Rows from, int width, int column, Rows to) const noexcept {
  const std::ptrdiff_t end = column + static_cast<std::ptrdiff_t>(width);
  for (int r = 0; r < from.count; r++) {
    std::memcpy(to.row(r) + column, from.row(r), static_cast<std::size_t>(width) * sizeof(float));
    for (std::ptrdiff_t i = end; i < padded(end); i++) to.row(r)[i] = 0;
  }
}

void Actor::run(int rows) noexcept {
  const int count = rows == 1 ? 1 : kRows;  // of rows that nobody asked for nothing is read
  Rows x{input_, input_stride_, count};
  if (input_kept_ >= 0) copy(x, observation_size_, 0, kept(input_kept_, count));
  int turn = 0;
  for (int n = 0; n < ops_count_; n++) {
    const Op& op = ops_[n];
    const Rows next{work_[turn], work_stride_, count};
    if (moves(op.kind)) turn = 1 - turn;
    if (count == 1 && takes_along(n)) {
      const Op& last = ops_[++n];
      const Rows z{work_[turn], work_stride_, count};
      kernels_->two_dense(op.dense, x, op.activation, next, last.dense, last.activation, z);
      x = z;
      continue;
    }
    x = apply(op, x, next);
    if (op.kept >= 0) copy(x, op.width, 0, kept(op.kept, count));
  }
  output_ = x;
}

bool Actor::finite(int r) const noexcept {
  bool finite = true;
  for (int i = 0; i < action_size_; i++) finite = finite && !std::isnan(output_.row(r)[i]);
  return finite;
}

void Actor::action(int r, float* action) const noexcept {
  const float* const u = output_.row(r);
  for (int i = 0; i < action_size_; i++) {
    const float a = std::fma(half_range_[i], u[i], centre_[i]);
    action[i] = a < low_[i] ? low_[i] : high_[i] < a ? high_[i] : a;
  }
}

}  // namespace ddpg::deploy
