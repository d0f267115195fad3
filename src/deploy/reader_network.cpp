// What a policy computes, from bytes that nobody trusts: see reader_network.h. Sizes are checked against the limits of
// view.h before they are used, which keeps every product of two of them far within 64 bits.
#include "deploy/reader_network.h"

#include <cinttypes>
#include <cmath>
#include <cstdio>

namespace ddpg::deploy {
namespace {

// "nan", whatever its sign: printf would tell.
double without_sign(double value) noexcept {
  return std::isnan(value) ? std::fabs(value) : value;
}

template <class View>
void expect_all_finite(Cursor& in, const View& values, std::uint64_t count, const char* what) noexcept {
  for (std::uint64_t i = 0; i < count && in.ok(); i++) {
    const double value = static_cast<double>(values[i]);
    if (!std::isfinite(value))
      in.failure().set(Code::invalid, in.section(), "%s[%" PRIu64 "]: expected a finite number, found %g", what, i,
                       without_sign(value));
  }
}

void expect_range(Cursor& in, std::int64_t value, std::int64_t most, const char* what) noexcept {
  if (in.ok() && (value < 1 || value > most))
    in.failure().set(Code::invalid, in.section(), "%s: expected 1 to %" PRId64 ", found %" PRId64, what, most, value);
}

Activation read_activation(Cursor& in) noexcept {
  const int code = in.u8("activation");
  if (code > 3) in.failure().set(Code::invalid, in.section(), "activation: expected 0 to 3, found %d", code);
  return static_cast<Activation>(code <= 3 ? code : 0);
}

// "[4, 3]" in `text`; at most two sizes are told.
struct ShapeText {
  ShapeText(const std::uint32_t* shape, std::uint64_t rank) noexcept {
    if (rank == 0) std::snprintf(text, sizeof text, "[]");
    if (rank == 1) std::snprintf(text, sizeof text, "[%" PRIu32 "]", shape[0]);
    if (rank == 2) std::snprintf(text, sizeof text, "[%" PRIu32 ", %" PRIu32 "]", shape[0], shape[1]);
    if (rank > 2) std::snprintf(text, sizeof text, "%" PRIu64 " dimensions", rank);
  }
  char text[40];
};

// One tensor, which must have this name and shape; columns 0: a vector of `rows`.
Floats read_tensor(Cursor& in, const char* name, int rows, int columns) noexcept {
  const std::string_view found = in.text("name of a tensor");
  const std::uint64_t rank = in.count(4, "shape of a tensor");
  std::uint32_t shape[2] = {};
  for (std::uint64_t i = 0; i < rank && in.ok(); i++) {
    const auto size = static_cast<std::uint32_t>(in.size("shape of a tensor"));
    if (i < 2) shape[i] = size;
  }
  if (!in.ok()) return {};
  if (found != name)
    in.failure().set(Code::invalid, in.section(), "expected tensor %s, found %s", name, Printable(found).text);
  const std::uint32_t expected[2] = {static_cast<std::uint32_t>(rows), static_cast<std::uint32_t>(columns)};
  const std::uint64_t expected_rank = columns > 0 ? 2 : 1;
  if (rank != expected_rank || shape[0] != expected[0] || (rank == 2 && shape[1] != expected[1]))
    in.failure().set(Code::invalid, in.section(), "%s: expected shape %s, found %s", name,
                     ShapeText(expected, expected_rank).text, ShapeText(shape, rank).text);
  const std::uint64_t elements =
      static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(columns > 0 ? columns : 1);
  const Floats values = in.floats(elements, name);
  expect_finite(in, values, elements, name);
  return values;
}

struct TensorName {
  TensorName(const char* group, int layer, const char* part) noexcept {
    if (layer < 0)
      std::snprintf(text, sizeof text, "%s.%s", group, part);
    else
      std::snprintf(text, sizeof text, "%s.%d.%s", group, layer, part);
  }
  char text[48];
};

NormView read_norm(Cursor& in, const char* group, int layer, int width, bool statistics) noexcept {
  NormView norm;
  norm.gain = read_tensor(in, TensorName(group, layer, "weight").text, width, 0);
  norm.shift = read_tensor(in, TensorName(group, layer, "bias").text, width, 0);
  if (!statistics) return norm;
  norm.mean = read_tensor(in, TensorName(group, layer, "running_mean").text, width, 0);
  norm.variance = read_tensor(in, TensorName(group, layer, "running_var").text, width, 0);
  for (int i = 0; i < width && in.ok(); i++)
    if (norm.variance[static_cast<std::uint64_t>(i)] < 0)
      in.failure().set(Code::invalid, in.section(), "%s[%d]: expected a variance >= 0, found %g",
                       TensorName(group, layer, "running_var").text, i,
                       static_cast<double>(norm.variance[static_cast<std::uint64_t>(i)]));
  return norm;
}

int tensor_count(const PolicyView& view) noexcept {
  const int hidden = view.layers_count - 1;
  if (view.batch_norm) return 4 + 5 * hidden + 2;
  return (view.layer_norm ? 4 : 2) * hidden + 2;
}

}  // namespace

void expect_finite(Cursor& in, const Floats& values, std::uint64_t count, const char* what) noexcept {
  expect_all_finite(in, values, count, what);
}
void expect_finite(Cursor& in, const Doubles& values, std::uint64_t count, const char* what) noexcept {
  expect_all_finite(in, values, count, what);
}

void read_network(Cursor in, PolicyView& view) noexcept {
  view.observation_size = in.size("observation size");
  view.action_size = in.size("action size");
  view.activation = read_activation(in);
  view.output_activation = read_activation(in);
  view.batch_norm = in.flag("batch normalisation");
  view.layer_norm = in.flag("layer normalisation");
  const std::uint64_t hidden = in.count(4, "widths of the hidden layers");
  expect_range(in, view.observation_size, kMostInputsOrOutputs, "observation size");
  expect_range(in, view.action_size, kMostInputsOrOutputs, "action size");
  expect_range(in, static_cast<std::int64_t>(hidden), kMostHiddenLayers, "number of hidden layers");
  if (!in.ok()) return;
  view.layers_count = static_cast<int>(hidden) + 1;
  int from = view.observation_size;
  for (int n = 0; n < view.layers_count; n++) {
    const bool last = n + 1 == view.layers_count;
    view.layers[n].in = from;
    view.layers[n].out = from = last ? view.action_size : in.size("width of a hidden layer");
    if (!last) expect_range(in, from, kWidestHiddenLayer, "width of a hidden layer");
  }
  in.expect_end();
  if (view.batch_norm && view.layer_norm)
    in.failure().set(Code::invalid, in.section(),
                     "expected batch normalisation or layer normalisation or none, found both");
  if (view.output_activation != Activation::tanh)
    in.failure().set(Code::invalid, in.section(), "output activation: expected tanh, found another");
}

void read_bounds(Cursor in, PolicyView& view) noexcept {
  const auto size = static_cast<std::uint64_t>(view.action_size);
  view.low = in.floats(size, "lower action bounds");
  view.high = in.floats(size, "upper action bounds");
  in.expect_end();
  expect_finite(in, view.low, size, "lower action bound");
  expect_finite(in, view.high, size, "upper action bound");
  for (std::uint64_t i = 0; i < size && in.ok(); i++)
    if (view.low[i] >= view.high[i])
      in.failure().set(Code::invalid, in.section(),
                       "action bounds[%" PRIu64 "]: expected lower < upper, found %g and %g", i,
                       static_cast<double>(view.low[i]), static_cast<double>(view.high[i]));
}

void read_normaliser(Cursor in, PolicyView& view) noexcept {
  view.normalise = in.flag("normalise");
  view.clip = in.f64("clip");
  const auto size = static_cast<std::uint64_t>(view.normalise ? view.observation_size : 0);
  view.mean = in.doubles(size, "mean");
  view.deviation = in.doubles(size, "deviation");
  in.expect_end();
  expect_finite(in, view.mean, size, "mean");
  expect_finite(in, view.deviation, size, "deviation");
  for (std::uint64_t i = 0; i < size && in.ok(); i++)
    if (view.deviation[i] <= 0)
      in.failure().set(Code::invalid, in.section(), "deviation[%" PRIu64 "]: expected > 0, found %g", i,
                       view.deviation[i]);
  const bool allowed = view.normalise ? view.clip > 0 : view.clip >= 0;
  if (!std::isfinite(view.clip) || !allowed)
    in.failure().set(Code::invalid, in.section(), "clip: expected a finite number %s 0, found %g",
                     view.normalise ? ">" : ">=", without_sign(view.clip));
}

void read_weights(Cursor in, PolicyView& view) noexcept {
  const std::uint64_t count = in.u64("number of tensors");
  const int expected = tensor_count(view);
  if (in.ok() && count != static_cast<std::uint64_t>(expected))
    in.failure().set(Code::invalid, in.section(), "expected %d tensors, found %" PRIu64, expected, count);
  if (view.batch_norm) view.input_norm = read_norm(in, "input_norm", -1, view.observation_size, true);
  for (int n = 0; n < view.layers_count && in.ok(); n++) {
    LayerView& layer = view.layers[n];
    const bool norm = n + 1 < view.layers_count && (view.batch_norm || view.layer_norm);
    layer.weights = read_tensor(in, TensorName("layers", n, "weight").text, layer.out, layer.in);
    if (!(norm && view.batch_norm)) layer.bias = read_tensor(in, TensorName("layers", n, "bias").text, layer.out, 0);
    if (norm) layer.norm = read_norm(in, "norms", n, layer.out, view.batch_norm);
  }
  in.expect_end();
}

}  // namespace ddpg::deploy
