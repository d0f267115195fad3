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
  join = 4,  // y = [x, action]
  add = 5    // y = x + an earlier value
};
inline constexpr int kStepKinds = 6;

// The values of a network are counted: value 0 is the observation, value k + 1 what step k gives. Step k takes value k.
struct Step {
  StepKind kind = StepKind::dense;
  Activation activation = Activation::linear;  // activate
  bool bias = true;                            // dense
  int out = 0;                                 // dense: how many numbers it gives
  int value = 0;                               // add: the other value, from 1 on

  bool operator==(const Step&) const = default;
};

inline constexpr int kMostSteps = 256;
inline constexpr int kWidestHiddenLayer = 65'536;
inline constexpr int kMostInputsOrOutputs = 1 << 24;
inline constexpr int kMostKept = 8;  // values that wait at the same time to be added

constexpr Step dense_step(int out, bool bias = true) {
  return {StepKind::dense, Activation::linear, bias, out, 0};
}
constexpr Step activate_step(Activation activation) {
  return {StepKind::activate, activation, true, 0, 0};
}
constexpr Step add_step(int value) {
  return {StepKind::add, Activation::linear, true, 0, value};
}
constexpr Step plain_step(StepKind kind) {
  return {kind, Activation::linear, true, 0, 0};
}

using Steps = std::span<const Step>;

// The last step that adds value `v`; -1: none does, and the next step alone reads it.
inline int last_add_of(Steps steps, int v) {
  for (int i = static_cast<int>(steps.size()) - 1; i >= 0; i--)
    if (steps[static_cast<std::size_t>(i)].kind == StepKind::add && steps[static_cast<std::size_t>(i)].value == v)
      return i;
  return -1;
}

// Whether step i can be computed together with the activation that follows it: the value between them is needed by
// nobody else.
inline bool takes_activation(Steps steps, int i) {
  if (i + 1 >= static_cast<int>(steps.size()) || steps[static_cast<std::size_t>(i) + 1].kind != StepKind::activate)
    return false;
  if (last_add_of(steps, i + 1) >= 0) return false;
  switch (steps[static_cast<std::size_t>(i)].kind) {
    case StepKind::dense:
    case StepKind::layer_norm:
    case StepKind::batch_norm:
    case StepKind::add:
      return true;
    case StepKind::activate:
    case StepKind::join:
      return false;
  }
  return false;
}

// The width of what a step gives, from that of what it takes.
inline int width_after(const Step& step, int width, int action_size) {
  switch (step.kind) {
    case StepKind::dense:
      return step.out;
    case StepKind::join:
      return width + action_size;
    case StepKind::layer_norm:
    case StepKind::batch_norm:
    case StepKind::activate:
    case StepKind::add:
      return width;
  }
  return width;
}

// The width of value `v`.
inline int width_of(Steps steps, int observation_size, int action_size, int v) {
  int width = observation_size;
  for (int i = 0; i < v; i++) width = width_after(steps[static_cast<std::size_t>(i)], width, action_size);
  return width;
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
  int width = observation_size, layer = -1;
  for (int i = 0; i < static_cast<int>(steps.size()); i++) {
    const Step& step = steps[static_cast<std::size_t>(i)];
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
        break;
    }
    width = width_after(step, width, action_size);
  }
}

// What is wrong with a list, in words that expect and find; null: nothing.
inline const char* fault_of(Steps steps, int observation_size, int action_size) {
  if (steps.empty() || steps.size() > kMostSteps) return "number of steps: expected 1 to 256, found another";
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
    if (step.kind != StepKind::add) continue;
    if (step.value < 1 || step.value >= i)
      return "value that a step adds: expected one that earlier steps gave, found another";
    if (width_of(steps, observation_size, action_size, step.value) != width_of(steps, observation_size, action_size, i))
      return "value that a step adds: expected one of the same width, found another";
    int kept = 0;
    for (int v = 1; v < i; v++) kept += last_add_of(steps, v) >= i;
    if (kept > kMostKept) return "values that wait to be added: expected at most 8, found more";
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
