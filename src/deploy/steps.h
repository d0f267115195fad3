// A network as data: a list of steps, each of which takes the value that the step before it gave. Everything that knows
// networks walks this list with one case for each kind of step: forward and backward (src/nn), the policy file and the
// robot's runtime (here), the C header and ONNX (src/export), the reference of the tests. A new body of a network is
// one function that makes a list (below, and src/nn/body.h); a new kind of step is one case in each walker, and the
// compiler names those that lack it. Not here: numbers. Stands on nothing, so that a robot can read it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "ddpg_policy/activation.h"

namespace ddpg {

// The numbers are those of policy files and never change.
enum class StepKind : std::uint8_t {
  dense = 0,       // y = W x + b, or W x
  layer_norm = 1,  // along the row, then gain and shift
  batch_norm = 2,  // of each column over the minibatch, or by running statistics; then gain and shift
  activate = 3,
  join = 4,         // y = [x, action]
  add = 5,          // y = x + an earlier value
  avg_l1_norm = 6,  // y = x / mean |x|, along the row (AvgL1Norm: Fujimoto et al. 2023, arXiv:2306.02451)
  recall = 7,       // y = an earlier value; in policies alone, where networks that were trained apart are put together
  append = 8        // y = [x, an earlier value]; likewise
};
inline constexpr int kStepKinds = 9;

// The values of a network are counted: value 0 is the observation, value k + 1 what step k gives. Step k takes value k.
struct Step {
  StepKind kind = StepKind::dense;
  Activation activation = Activation::linear;  // activate
  bool bias = true;                            // dense
  int out = 0;                                 // dense: how many numbers it gives
  int value = 0;                               // add: the other value, from 1 on; recall, append: from 0 on

  bool operator==(const Step&) const = default;
};

inline constexpr int kMostSteps = 256;
inline constexpr int kWidestHiddenLayer = 65'536;
inline constexpr int kMostInputsOrOutputs = 1 << 24;
inline constexpr int kMostKept = 8;  // values that wait at the same time to be used again

constexpr Step dense_step(int out, bool bias = true) {
  return {StepKind::dense, Activation::linear, bias, out, 0};
}
constexpr Step activate_step(Activation activation) {
  return {StepKind::activate, activation, true, 0, 0};
}
constexpr Step add_step(int value) {
  return {StepKind::add, Activation::linear, true, 0, value};
}
constexpr Step recall_step(int value) {
  return {StepKind::recall, Activation::linear, true, 0, value};
}
constexpr Step append_step(int value) {
  return {StepKind::append, Activation::linear, true, 0, value};
}
constexpr Step plain_step(StepKind kind) {
  return {kind, Activation::linear, true, 0, 0};
}

using Steps = std::span<const Step>;

// Whether a step takes a second value, step.value.
inline bool takes_earlier_value(const Step& step) {
  return step.kind == StepKind::add || step.kind == StepKind::recall || step.kind == StepKind::append;
}

// The last step that uses value `v` again; -1: none does, and the next step alone reads it.
inline int last_use_of(Steps steps, int v) {
  for (int i = static_cast<int>(steps.size()) - 1; i >= 0; i--) {
    const Step& step = steps[static_cast<std::size_t>(i)];
    if (takes_earlier_value(step) && step.value == v) return i;
  }
  return -1;
}

// Whether step i can be computed together with the activation that follows it: the value between them is needed by
// nobody else.
inline bool takes_activation(Steps steps, int i) {
  if (i + 1 >= static_cast<int>(steps.size()) || steps[static_cast<std::size_t>(i) + 1].kind != StepKind::activate)
    return false;
  if (last_use_of(steps, i + 1) >= 0) return false;
  switch (steps[static_cast<std::size_t>(i)].kind) {
    case StepKind::dense:
    case StepKind::layer_norm:
    case StepKind::batch_norm:
    case StepKind::add:
      return true;
    case StepKind::activate:
    case StepKind::join:
    case StepKind::avg_l1_norm:
    case StepKind::recall:
    case StepKind::append:
      return false;
  }
  return false;
}

// The widths of all values. Nothing is taken for granted of a list: what refers to no earlier value counts as the
// observation, and no width comes to more than kWidestValue.
inline constexpr int kWidestValue = 1 << 30;
struct Widths {
  int of[kMostSteps + 1] = {};

  Widths(Steps steps, int observation_size, int action_size) {
    of[0] = observation_size;
    for (int i = 0; i < static_cast<int>(steps.size()) && i < kMostSteps; i++) {
      const Step& step = steps[static_cast<std::size_t>(i)];
      const int earlier = of[step.value >= 0 && step.value <= i ? step.value : 0];
      std::int64_t width = of[i];
      switch (step.kind) {
        case StepKind::dense:
          width = step.out;
          break;
        case StepKind::join:
          width += action_size;
          break;
        case StepKind::recall:
          width = earlier;
          break;
        case StepKind::append:
          width += earlier;
          break;
        case StepKind::layer_norm:
        case StepKind::batch_norm:
        case StepKind::activate:
        case StepKind::add:
        case StepKind::avg_l1_norm:
          break;
      }
      of[i + 1] = static_cast<int>(width < kWidestValue ? width : kWidestValue);
    }
  }
};

// The width of value `v`.
inline int width_of(Steps steps, int observation_size, int action_size, int v) {
  return Widths(steps, observation_size, action_size).of[v];
}

// One tensor of a list: "layers.2.weight" is {layers, 2, weight}.
enum class TensorGroup : std::uint8_t { layers, norms, input_norm };
enum class TensorPart : std::uint8_t { weight, bias, running_mean, running_var };
struct TensorPlace {
  int step = 0;
  TensorGroup group = TensorGroup::layers;
  int index = 0;  // the dense step, counted from 0, that the tensor is of or whose result is normalised
  TensorPart part = TensorPart::weight;
  int rows = 0, columns = 0;  // columns 0: a vector of `rows`
};

inline const char* group_name(TensorGroup group) {
  return group == TensorGroup::layers ? "layers" : group == TensorGroup::norms ? "norms" : "input_norm";
}
inline const char* part_name(TensorPart part) {
  constexpr const char* kTexts[] = {"weight", "bias", "running_mean", "running_var"};
  return kTexts[static_cast<std::size_t>(part)];
}

// Calls visit(TensorPlace) for each tensor, in the order of files: step by step, weight first.
template <class Visit>
void for_each_tensor(Steps steps, int observation_size, int action_size, const Visit& visit) {
  const Widths widths(steps, observation_size, action_size);
  int layer = -1;
  for (int i = 0; i < static_cast<int>(steps.size()); i++) {
    const Step& step = steps[static_cast<std::size_t>(i)];
    const int width = widths.of[i];
    const TensorGroup norm = layer < 0 ? TensorGroup::input_norm : TensorGroup::norms;
    switch (step.kind) {
      case StepKind::dense:
        layer++;
        visit(TensorPlace{i, TensorGroup::layers, layer, TensorPart::weight, step.out, width});
        if (step.bias) visit(TensorPlace{i, TensorGroup::layers, layer, TensorPart::bias, step.out, 0});
        break;
      case StepKind::layer_norm:
        for (const TensorPart part : {TensorPart::weight, TensorPart::bias})
          visit(TensorPlace{i, norm, layer, part, width, 0});
        break;
      case StepKind::batch_norm:
        for (const TensorPart part :
             {TensorPart::weight, TensorPart::bias, TensorPart::running_mean, TensorPart::running_var})
          visit(TensorPlace{i, norm, layer, part, width, 0});
        break;
      case StepKind::activate:
      case StepKind::join:
      case StepKind::add:
      case StepKind::avg_l1_norm:
      case StepKind::recall:
      case StepKind::append:
        break;
    }
  }
}

// What is wrong with a list, as an error says it ("expected ..., found ..."); null: nothing.
inline const char* fault_of(Steps steps, int observation_size, int action_size) {
  if (steps.empty() || steps.size() > kMostSteps) return "number of steps: expected 1 to 256, found another";
  const Widths widths(steps, observation_size, action_size);
  bool normalised = false;
  int joins = 0;
  for (int i = 0; i < static_cast<int>(steps.size()); i++) {
    const Step& step = steps[static_cast<std::size_t>(i)];
    const bool norm = step.kind == StepKind::layer_norm || step.kind == StepKind::batch_norm;
    if (step.kind == StepKind::dense && step.out < 1) return "outputs of a dense step: expected at least 1, found none";
    if (norm && normalised) return "expected one normalisation behind a dense step, found two";
    if (step.kind == StepKind::batch_norm && joins > 0)
      return "expected batch normalisation before the action joins, found it behind";
    if (step.kind == StepKind::dense) normalised = false;
    if (norm) normalised = true;
    joins += step.kind == StepKind::join;
    if (!takes_earlier_value(step)) continue;
    if (step.value < (step.kind == StepKind::add ? 1 : 0) || step.value >= i)
      return "value that a step uses again: expected one that earlier steps gave, found another";
    if (step.kind == StepKind::add && widths.of[step.value] != widths.of[i])
      return "value that a step adds: expected one of the same width, found another";
    if (step.kind == StepKind::append && widths.of[i + 1] > std::int64_t{observation_size} + 2 * kWidestHiddenLayer)
      return "numbers of an appended value and what it is appended to: expected at most 131072 more than "
             "the observation has, found more";
    int kept = 0;  // with value i, which this step takes: where a later one uses it again, it is kept by now
    for (int v = 0; v <= i; v++) kept += last_use_of(steps, v) >= i;
    if (kept > kMostKept) return "values that wait to be used again: expected at most 8, found more";
  }
  if (joins != (action_size > 0 ? 1 : 0))
    return "steps that join the action: expected one for a critic and none for an actor, found another number";
  return nullptr;
}

// A multilayer perceptron:
//   observation -> [batch norm] -> dense 1 -> [norm] -> activation -> ... -> dense L -> output activation
//                                     ^ the action joins the input of dense `action_layer`
struct MlpForm {
  std::span<const int> hidden;
  int outputs = 1;
  int action_layer = 0;  // counted from 1; 0: no action
  Activation activation = Activation::relu, output_activation = Activation::linear;
  // Of every hidden layer, before its activation; batch norm of the observation too, and not from where the action
  // joins.
  bool batch_norm = false, layer_norm = false;
};

// Calls push(Step) for each step. A dense step that batch norm follows has no bias: it would take it away again.
template <class Push>
void make_mlp(const MlpForm& form, const Push& push) {
  if (form.batch_norm) push(plain_step(StepKind::batch_norm));
  const int layers = static_cast<int>(form.hidden.size()) + 1;
  for (int n = 0; n < layers; n++) {
    const bool last = n + 1 == layers, before_action = form.action_layer == 0 || n + 1 < form.action_layer;
    const bool batch_norm = form.batch_norm && !last && before_action;
    if (n + 1 == form.action_layer) push(plain_step(StepKind::join));
    push(dense_step(last ? form.outputs : form.hidden[static_cast<std::size_t>(n)], !batch_norm));
    if (batch_norm) push(plain_step(StepKind::batch_norm));
    if (form.layer_norm && !last) push(plain_step(StepKind::layer_norm));
    const Activation activation = last ? form.output_activation : form.activation;
    if (activation != Activation::linear) push(activate_step(activation));
  }
}

}  // namespace ddpg
