#include "export/tensors_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "ddpg/error.h"
#include "export/identity.h"
#include "nn/activations.h"
#include "nn/kernels.h"
#include "nn/tensors.h"
#include "policy/format.h"
#include "support/bytes.h"
#include "support/json.h"
#include "support/safetensors.h"

namespace ddpg {
namespace {

TensorShape wide(const std::vector<int>& shape) {
  return {shape.begin(), shape.end()};
}

constexpr std::string_view kStepNames[kStepKinds] = {"dense", "layer_norm",  "batch_norm", "activate", "join",
                                                     "add",   "avg_l1_norm", "recall",     "append"};

// One step, as its name and what else there is to say: ["dense", 64, true], ["activate", "relu"], ["add", 2].
Json step_json(const Step& step) {
  Json json = Json::array();
  json.push_back(kStepNames[static_cast<std::size_t>(step.kind)]);
  switch (step.kind) {
    case StepKind::dense:
      json.push_back(step.out);
      json.push_back(step.bias);
      break;
    case StepKind::activate:
      json.push_back(name_of(step.activation));
      break;
    case StepKind::add:
    case StepKind::recall:
    case StepKind::append:
      json.push_back(step.value);
      break;
    case StepKind::layer_norm:
    case StepKind::batch_norm:
    case StepKind::join:
    case StepKind::avg_l1_norm:
      break;
  }
  return json;
}

std::string network_json(const Policy::Content& content) {
  Json steps = Json::array();
  for (const Step& step : content.body.steps) steps.push_back(step_json(step));
  return Json{{"observation_size", content.body.observation_size},
              {"action_size", content.body.output_size()},
              {"steps", steps},
              {"norm_epsilon", static_cast<double>(kNormEpsilon)},
              {"normalise_observations", content.normalise}}
      .dump();
}

// Metadata that somebody else may have written: each value is checked before it is used.
class NetworkReader {
 public:
  NetworkReader(const Json& network, const std::string& where) : network_(network), where_(where) {}

  // The list of steps, or what "ddpg policy 1" had: a multilayer perceptron by its sizes.
  NetworkBody body() const {
    NetworkBody body;
    if (network_.find("steps") != nullptr) {
      body.observation_size = size(member(network_, "observation_size", where_), "observation_size");
      for (const Json& json : list_member(network_, "steps", where_)) body.steps.push_back(step(json));
    } else {
      body = mlp();
    }
    for (const Step& step : body.steps)  // before a size of the file is used
      if (step.kind == StepKind::dense && (step.out < 1 || step.out > kMostInputsOrOutputs))
        fail(fmt::format("outputs of a dense step: expected 1 to {}, found {}", kMostInputsOrOutputs, step.out));
    if (const char* fault = fault_of(body.steps, body.observation_size, 0)) fail(fault);
    const int actions = size(member(network_, "action_size", where_), "action_size");
    if (actions != body.output_size())
      fail(fmt::format("action_size: expected {}, as the last step gives, found {}", body.output_size(), actions));
    return body;
  }

 private:
  [[noreturn]] void fail(const std::string& message) const { throw Error(fmt::format("[{}] {}", where_, message)); }

  int size(const Json& value, const char* what) const {
    return static_cast<int>(whole_number(value, std::numeric_limits<int>::max(), fmt::format("[{}] {}", where_, what)));
  }

  const Json& element(const Json& step, std::size_t i) const {
    if (i >= step.elements().size()) fail("a step: expected a list of its name and what it needs");
    return step.elements()[i];
  }
  std::string text(const Json& value) const {
    if (value.text() == nullptr) fail("a step: expected a text, found another value");
    return *value.text();
  }

  Activation activation(const std::string& name) const {
    for (const ActivationForm& form : activation_forms())
      if (name == form.name) return form.activation;
    fail(fmt::format("expected an activation, found {}", printable(name)));
  }

  Step step(const Json& json) const {
    const std::string name = text(element(json, 0));
    const auto* const kind = std::ranges::find(kStepNames, name);
    if (kind == std::end(kStepNames)) fail(fmt::format("expected a kind of step, found {}", printable(name)));
    Step step = plain_step(static_cast<StepKind>(kind - std::begin(kStepNames)));
    switch (step.kind) {
      case StepKind::dense:
        step.out = size(element(json, 1), "outputs of a dense step");
        if (element(json, 2).boolean() == nullptr) fail("bias of a dense step: expected true or false");
        step.bias = *element(json, 2).boolean();
        break;
      case StepKind::activate:
        step.activation = activation(text(element(json, 1)));
        break;
      case StepKind::add:
      case StepKind::recall:
      case StepKind::append:
        step.value = size(element(json, 1), "value that a step uses again");
        break;
      case StepKind::layer_norm:
      case StepKind::batch_norm:
      case StepKind::join:
      case StepKind::avg_l1_norm:
        break;
    }
    return step;
  }

  NetworkBody mlp() const {
    NetworkShape shape;
    shape.observation_size = size(member(network_, "observation_size", where_), "observation_size");
    for (const Json& units : list_member(network_, "hidden", where_)) shape.hidden.push_back(size(units, "hidden"));
    shape.output_size = size(member(network_, "action_size", where_), "action_size");
    shape.activation = activation(text_member(network_, "activation", where_));
    shape.output_activation = activation(text_member(network_, "output_activation", where_));
    shape.batch_norm = flag_member(network_, "batch_norm", where_);
    shape.layer_norm = flag_member(network_, "layer_norm", where_);
    try {
      return body_of(shape);
    } catch (const UsageError& error) {
      fail(error.what());
    }
  }

  const Json& network_;
  const std::string& where_;
};

void read_network(const std::string& text, const std::string& where, Policy::Content& content) {
  const Json network = parse_json(text, where);
  content.body = NetworkReader(network, where).body();
  content.normalise = flag_member(network, "normalise_observations", where);
}

}  // namespace

std::string tensors_file(const Policy::Content& content) {
  SafetensorsWriter writer;
  writer.metadata("format", "ddpg policy 2");
  writer.metadata("network", network_json(content));
  for (const auto& [key, text] : identity(content)) writer.metadata(key, text);
  for (const Tensor& tensor : content.tensors) writer.add<float>(tensor.name, wide(tensor.shape), tensor.values);
  const auto actions = static_cast<std::int64_t>(content.body.output_size());
  writer.add<float>("action_low", {actions}, content.action_low);
  writer.add<float>("action_high", {actions}, content.action_high);
  if (content.normalise) {
    const auto observations = static_cast<std::int64_t>(content.body.observation_size);
    writer.add<double>("observation_mean", {observations}, content.mean);
    writer.add<double>("observation_deviation", {observations}, content.deviation);
    writer.add<double>("observation_clip", {}, std::span(&content.clip, 1));
  }
  return writer.bytes();
}

Policy::Content read_tensors_file(std::string_view bytes, const std::string& where) {
  const SafetensorsView file = read_safetensors(bytes, where);
  const auto network = file.metadata.find("network");
  if (network == file.metadata.end()) {
    throw Error(
        fmt::format("[{}] expected the entry network in the metadata, found none; `ddpg export` writes it", where));
  }
  Policy::Content content;
  read_network(network->second, where + ": network in the metadata", content);
  for (const TensorForm& form : expected_tensors(content.body)) {
    content.tensors.push_back({form.name, form.shape, file.values<float>(form.name, wide(form.shape))});
  }
  content.action_low = file.values<float>("action_low");
  content.action_high = file.values<float>("action_high");
  if (content.normalise) {
    content.mean = file.values<double>("observation_mean");
    content.deviation = file.values<double>("observation_deviation");
    content.clip = file.values<double>("observation_clip", {}).at(0);
  }
  const auto environment = file.metadata.find("environment");
  if (environment != file.metadata.end()) content.provenance.environment = environment->second;
  return decode_policy(encode_policy(content, where), where);  // with all that is asked of a policy file
}

}  // namespace ddpg
