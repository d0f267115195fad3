// Builds the graph, step by step as a policy computes, with ONNX's own operators, and puts the model around it. Field
// numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, operators those of opset 8 on.
#include "export/onnx.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "ddpg/error.h"
#include "export/identity.h"
#include "export/onnx_graph.h"
#include "export/onnx_wrappers.h"
#include "export/precision.h"
#include "nn/action_bounds.h"
#include "nn/activations.h"
#include "nn/kernels.h"
#include "nn/tensors.h"
#include "support/protobuf.h"

namespace ddpg {
namespace {

constexpr int kLayerNormOpset = 17;  // the first with LayerNormalization
constexpr std::size_t kMostBytes = (std::size_t{1} << 31) - 1;

class Graph {
 public:
  Graph(const Policy::Content& content, int opset) : content_(content), opset_(opset) {}

  ProtoMessage message() {
    const bool doubles = lost_in_floats(content_) >= 0, wrapped = !content_.wrappers.empty();
    OnnxWrappers wrappers(content_, graph_, doubles);
    graph_.input("observation", content_.sensor_size(), doubles ? kOnnxDouble : kOnnxFloat);
    if (wrapped) value_ = wrappers.observe(value_);
    if (content_.normalise) normalise(doubles);
    values_ = {value_};
    for (int i = 0; i < static_cast<int>(body().steps.size()); i++) step(i);
    scale(wrappers.changes_action() ? "action_of_network" : "action");
    graph_.output("action", body().output_size());
    if (wrapped) wrappers.act(value_);
    return graph_.message("ddpg_policy");
  }

 private:
  const NetworkBody& body() const { return content_.body; }

  const Tensor* find(const std::string& name) const { return find_tensor(content_.tensors, name); }
  std::string constant(const Tensor& tensor) { return graph_.constant(tensor.name, tensor.shape, tensor.values); }
  std::string constant(const std::string& name, const std::vector<float>& values) {
    return graph_.constant(name, {static_cast<int>(values.size())}, values);
  }

  std::string number(const std::string& name, float value) { return graph_.constant(name, {1}, std::array{value}); }

  // A node that computes `output` of the value at hand and `more`; the output is at hand then.
  void node(const char* operation, const std::string& output, const std::vector<std::string>& more = {},
            const std::vector<OnnxAttribute>& attributes = {}) {
    std::vector<std::string> inputs = {value_};
    inputs.insert(inputs.end(), more.begin(), more.end());
    value_ = graph_.node(operation, inputs, output, attributes);
  }

  void normalise(bool doubles) {
    if (doubles)
      centre_doubles();
    else
      centre_floats();
    const float clip =
        static_cast<float>(content_.clip);  // by Max and Min: Clip's limits are no inputs before opset 11
    node("Max", "observation_above_low", {number("observation_clip_low", -clip)});
    node("Min", "observation_normalised", {number("observation_clip_high", clip)});
  }

  // (x - mean) / deviation in double precision, as in training.
  void centre_doubles() {
    const std::vector<int> size = {body().observation_size};
    node("Sub", "observation_centred", {graph_.constant("observation_mean", size, content_.mean)});
    node("Div", "observation_scaled", {graph_.constant("observation_deviation", size, content_.deviation)});
    node("Cast", "observation_rounded", {}, {{"to", std::int64_t{kOnnxFloat}}});
  }

  // The same in single precision, exact to the last bits: the mean is subtracted in two parts.
  void centre_floats() {
    std::vector<float> high, low, deviation;
    for (std::size_t i = 0; i < content_.mean.size(); i++) {
      high.push_back(static_cast<float>(content_.mean[i]));
      low.push_back(static_cast<float>(content_.mean[i] - static_cast<double>(high.back())));
      deviation.push_back(static_cast<float>(content_.deviation[i]));
    }
    node("Sub", "observation_less_mean", {constant("observation_mean", high)});
    node("Sub", "observation_centred", {constant("observation_mean_rest", low)});
    node("Div", "observation_scaled", {constant("observation_deviation", deviation)});
  }

  void batch_norm(const std::string& name) {
    const Tensor &gain = *find(name + ".weight"), &variance = *find(name + ".running_var");
    std::vector<float> scale;
    for (std::size_t i = 0; i < gain.values.size(); i++)
      scale.push_back(gain.values[i] * (1.0f / std::sqrt(variance.values[i] + kNormEpsilon)));
    node("Sub", name + ".centred", {constant(*find(name + ".running_mean"))});
    node("Mul", name + ".scaled", {constant(name + ".scale", scale)});
    node("Add", name + ".output", {constant(*find(name + ".bias"))});
  }

  void layer_norm(const std::string& name) {
    const std::string gain = constant(*find(name + ".weight")), shift = constant(*find(name + ".bias"));
    if (opset_ >= kLayerNormOpset) {
      node("LayerNormalization", name + ".output", {gain, shift},
           {{"axis", std::int64_t{-1}}, {"epsilon", kNormEpsilon}});
      return;
    }
    const std::vector<OnnxAttribute> along_row = {{"axes", std::vector<std::int64_t>{1}}};
    node("Sub", name + ".centred", {graph_.node("ReduceMean", {value_}, name + ".mean", along_row)});
    const std::string centred = value_;
    node("Mul", name + ".squares", {centred});
    node("ReduceMean", name + ".variance", {}, along_row);
    node("Add", name + ".variance_above_zero", {number(name + ".epsilon", kNormEpsilon)});
    node("Sqrt", name + ".deviation");
    value_ = graph_.node("Div", {centred, value_}, name + ".scaled");
    node("Mul", name + ".gained", {gain});
    node("Add", name + ".output", {shift});
  }

  // The mean by a product with ones: how ReduceMean takes its axes changes with the opset.
  void avg_l1_norm(const std::string& name, int width) {
    const std::string x = value_;
    const std::vector<float> ones(static_cast<std::size_t>(width), 1.0f);
    node("Abs", name + ".sizes");
    node("MatMul", name + ".sum_of_sizes", {graph_.constant(name + ".ones", {width, 1}, ones)});
    node("Div", name + ".mean_size", {number(name + ".width", static_cast<float>(width))});
    node("Max", name + ".mean_size_above_zero", {number(name + ".epsilon", kAvgL1Epsilon)});
    value_ = graph_.node("Div", {x, value_}, name + ".output");
  }

  void dense(const std::string& name, bool has_bias) {
    // zero where there is none, as it is no choice before opset 11
    const std::string bias = has_bias ? constant(*find(name + ".bias")) : number(name + ".bias", 0);
    node("Gemm", name + ".dense", {constant(*find(name + ".weight")), bias}, {{"transB", std::int64_t{1}}});
  }

  void step(int i) {
    const Step& step = body().steps[static_cast<std::size_t>(i)];
    const std::string norm = layer_ < 0 ? "input_norm" : fmt::format("norms.{}", layer_);
    switch (step.kind) {
      case StepKind::dense:
        dense(fmt::format("layers.{}", ++layer_), step.bias);
        break;
      case StepKind::layer_norm:
        layer_norm(norm);
        break;
      case StepKind::batch_norm:
        batch_norm(norm);
        break;
      case StepKind::activate:
        if (step.activation != Activation::linear)
          node(form_of(step.activation).onnx.data(), fmt::format("steps.{}.{}", i, name_of(step.activation)));
        break;
      case StepKind::join:  // there is none in an actor
        break;
      case StepKind::add:
        node("Add", fmt::format("steps.{}.sum", i), {values_[static_cast<std::size_t>(step.value)]});
        break;
      case StepKind::avg_l1_norm:
        avg_l1_norm(fmt::format("steps.{}", i), body().width(i));
        break;
      case StepKind::recall:
        value_ = values_[static_cast<std::size_t>(step.value)];
        break;
      case StepKind::append:
        node("Concat", fmt::format("steps.{}.appended", i), {values_[static_cast<std::size_t>(step.value)]},
             {{"axis", std::int64_t{1}}});
        break;
    }
    values_.push_back(value_);
  }

  void scale(const char* output) {
    const ActionBounds bounds(content_.action_low, content_.action_high);
    node("Mul", "action_scaled", {constant("action_half_range", bounds.half_range)});
    node("Add", "action_shifted", {constant("action_centre", bounds.centre)});
    node("Max", "action_above_low", {constant("action_low", bounds.low)});
    node("Min", output, {constant("action_high", bounds.high)});
  }

  const Policy::Content& content_;
  int opset_;
  OnnxGraph graph_;
  std::string value_ = "observation";
  std::vector<std::string> values_;  // names by the numbers of the steps' values
  int layer_ = -1;
};

// The version of the format that came with an opset, for which a runtime that knows the opset is made; 4 is the first
// in which initializers are no inputs (https://github.com/onnx/onnx/blob/main/docs/Versioning.md).
int ir_version(int opset) {
  int version = 4;
  for (const int first : {10, 11, 12, 15, 19, 21}) version += opset >= first;
  return version;
}

int lowest_opset(const Policy::Content& content) {
  return content.wrappers.empty() ? kLowestOpset : kLowestWrappedOpset;
}

int best_opset(const Policy::Content& content) {
  const auto is_layer_norm = [](const Step& step) { return step.kind == StepKind::layer_norm; };
  return std::ranges::any_of(content.body.steps, is_layer_norm) ? kLayerNormOpset : lowest_opset(content);
}

}  // namespace

std::string onnx_model(const Policy::Content& content, int wanted_opset) {
  const int version = wanted_opset != 0 ? wanted_opset : best_opset(content), lowest = lowest_opset(content);
  if (version < lowest || version > kHighestOpset) {
    throw UsageError(fmt::format("[export] opset: expected {} to {}{}, found {}", lowest, kHighestOpset,
                                 content.wrappers.empty() ? "" : " for a policy that carries wrappers", version));
  }
  ProtoMessage model, opset;
  model.integer(1, ir_version(version));
  model.text(2, "ddpg");
  model.text(3, as_utf8(content.provenance.version));
  model.text(6, "A deterministic policy: action = mu(observation), within the action bounds.");
  model.message(7, Graph(content, version).message());
  opset.text(1, "");
  opset.integer(2, version);
  model.message(8, opset);
  for (const auto& [key, text] : identity(content)) {
    ProtoMessage entry;
    entry.text(1, key);
    entry.text(2, text);
    model.message(14, entry);
  }
  if (model.bytes().size() > kMostBytes) {
    throw Error(
        fmt::format("[export] the ONNX model has {} bytes, and a protobuf file holds at most {}; export to "
                    ".safetensors",
                    model.bytes().size(), kMostBytes));
  }
  return model.bytes();
}

}  // namespace ddpg
