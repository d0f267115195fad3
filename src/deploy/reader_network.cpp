// What a policy computes, from bytes that nobody trusts: see reader_network.h. Sizes are checked against the limits of
// view.h before they are used, which keeps every product of two of them far within 64 bits.
#include "deploy/reader_network.h"

#include <cinttypes>
#include <cmath>
#include <cstdio>

namespace ddpg::deploy {
namespace {

// "nan", whatever its sign, which printf would show.
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
  if (code >= kActivationCount)
    in.failure().set(Code::invalid, in.section(), "activation: expected 0 to %d, found %d", kActivationCount - 1, code);
  return static_cast<Activation>(code < kActivationCount ? code : 0);
}

// "[4, 3]" in `text`; at most two sizes are shown.
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
  explicit TensorName(const TensorPlace& place) noexcept {
    if (place.group == TensorGroup::input_norm)
      std::snprintf(text, sizeof text, "%s.%s", group_name(place.group), part_name(place.part));
    else
      std::snprintf(text, sizeof text, "%s.%d.%s", group_name(place.group), place.index, part_name(place.part));
  }
  char text[48];
};

void expect_variances(Cursor& in, const Floats& values, int count, const char* name) noexcept {
  for (int i = 0; i < count && in.ok(); i++) {
    const float value = values[static_cast<std::uint64_t>(i)];
    if (value < 0)
      in.failure().set(Code::invalid, in.section(), "%s[%d]: expected a variance >= 0, found %g", name, i,
                       static_cast<double>(value));
  }
}

// The network of versions 1 and 2: a multilayer perceptron by its sizes.
void read_mlp(Cursor& in, PolicyView& view) noexcept {
  MlpForm form;
  form.activation = read_activation(in);
  form.output_activation = read_activation(in);
  form.batch_norm = in.flag("batch normalisation");
  form.layer_norm = in.flag("layer normalisation");
  const std::uint64_t count = in.count(4, "widths of the hidden layers");
  expect_range(in, static_cast<std::int64_t>(count), kMostHiddenLayers, "number of hidden layers");
  if (!in.ok()) return;
  int hidden[kMostHiddenLayers] = {};
  for (std::uint64_t n = 0; n < count; n++) {
    hidden[n] = in.size("width of a hidden layer");
    expect_range(in, hidden[n], kWidestHiddenLayer, "width of a hidden layer");
  }
  if (form.batch_norm && form.layer_norm)
    in.failure().set(Code::invalid, in.section(),
                     "expected batch normalisation or layer normalisation or none, found both");
  form.hidden = {hidden, static_cast<std::size_t>(count)};
  form.outputs = view.action_size;
  make_mlp(form, [&](const Step& step) { view.step_list[view.steps_count++] = step; });
}

Step read_step(Cursor& in, const PolicyView& view) noexcept {
  Step step;
  const int kind = in.u8("kind of a step");
  if (kind >= kStepKinds)
    in.failure().set(Code::invalid, in.section(), "kind of a step: expected 0 to %d, found %d", kStepKinds - 1, kind);
  step.kind = static_cast<StepKind>(kind < kStepKinds ? kind : 0);
  switch (step.kind) {
    case StepKind::dense:
      step.out = in.size("outputs of a dense step");
      if (step.out != view.action_size) expect_range(in, step.out, kWidestHiddenLayer, "outputs of a dense step");
      step.bias = in.flag("bias of a dense step");
      break;
    case StepKind::activate:
      step.activation = read_activation(in);
      break;
    case StepKind::add:
    case StepKind::recall:
    case StepKind::append:
      step.value = in.size("value that a step uses again");
      break;
    case StepKind::layer_norm:
    case StepKind::batch_norm:
    case StepKind::join:
    case StepKind::avg_l1_norm:
      break;
  }
  return step;
}

void read_steps(Cursor& in, PolicyView& view) noexcept {
  const std::uint64_t count = in.count(1, "steps");
  expect_range(in, static_cast<std::int64_t>(count), kMostSteps, "number of steps");
  if (!in.ok()) return;
  for (std::uint64_t i = 0; i < count && in.ok(); i++) view.step_list[view.steps_count++] = read_step(in, view);
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
  expect_range(in, view.observation_size, kMostInputsOrOutputs, "observation size");
  expect_range(in, view.action_size, kMostInputsOrOutputs, "action size");
  if (!in.ok()) return;
  if (view.version < 3)
    read_mlp(in, view);
  else
    read_steps(in, view);
  in.expect_end();
  if (!in.ok()) return;
  const Steps steps = view.steps();
  if (const char* fault = fault_of(steps, view.observation_size, 0)) {
    in.failure().set(Code::invalid, in.section(), "%s", fault);
    return;
  }
  if (steps.back() != activate_step(Activation::tanh))
    in.failure().set(Code::invalid, in.section(), "output activation: expected tanh, found another");
  const int outputs = width_of(steps, view.observation_size, 0, view.steps_count);
  if (outputs != view.action_size)
    in.failure().set(Code::invalid, in.section(), "outputs of the last step: expected %d, as actions have, found %d",
                     view.action_size, outputs);
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
  std::uint64_t expected = 0;
  for_each_tensor(view.steps(), view.observation_size, 0, [&](const TensorPlace&) { expected++; });
  if (in.ok() && count != expected)
    in.failure().set(Code::invalid, in.section(), "expected %" PRIu64 " tensors, found %" PRIu64, expected, count);
  for_each_tensor(view.steps(), view.observation_size, 0, [&](const TensorPlace& place) {
    if (!in.ok()) return;
    const TensorName name(place);
    const Floats values = read_tensor(in, name.text, place.rows, place.columns);
    if (place.part == TensorPart::running_var) expect_variances(in, values, place.rows, name.text);
    view.tensors[place.step][place.part] = values;
  });
  in.expect_end();
}

}  // namespace ddpg::deploy
