#include "export/tensors_file.h"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "ddpg/error.h"
#include "export/identity.h"
#include "nn/kernels.h"
#include "nn/tensors.h"
#include "policy/format.h"
#include "support/bytes.h"
#include "support/json.h"
#include "support/safetensors.h"

namespace ddpg {
namespace {

using Json = nlohmann::ordered_json;

Shape wide(const std::vector<int>& shape) {
  return {shape.begin(), shape.end()};
}

std::string network_json(const Policy::Content& content) {
  const NetworkShape& shape = content.shape;
  return Json{{"observation_size", shape.observation_size},
              {"hidden", shape.hidden},
              {"action_size", shape.output_size},
              {"activation", name_of(shape.activation)},
              {"output_activation", name_of(shape.output_activation)},
              {"batch_norm", shape.batch_norm},
              {"layer_norm", shape.layer_norm},
              {"norm_epsilon", static_cast<double>(kNormEpsilon)},
              {"normalise_observations", content.normalise}}
      .dump();
}

Activation read_activation(const std::string& name, const std::string& where) {
  for (Activation activation : {Activation::linear, Activation::relu, Activation::tanh, Activation::elu}) {
    if (name == name_of(activation)) return activation;
  }
  throw Error(fmt::format("[{}] expected an activation, found {}", where, printable(name)));
}

void read_network(const std::string& text, const std::string& where, Policy::Content& content) {
  const nlohmann::json network = parse_json(text, where);
  NetworkShape& shape = content.shape;
  const auto size = [&](const char* key, const nlohmann::json& value) {
    return static_cast<int>(whole_number(value, std::numeric_limits<int>::max(), fmt::format("[{}] {}", where, key)));
  };
  shape.observation_size = size("observation_size", member(network, "observation_size", where));
  for (const nlohmann::json& units : member(network, "hidden", where)) shape.hidden.push_back(size("hidden", units));
  shape.output_size = size("action_size", member(network, "action_size", where));
  shape.activation = read_activation(text_member(network, "activation", where), where);
  shape.output_activation = read_activation(text_member(network, "output_activation", where), where);
  shape.batch_norm = flag_member(network, "batch_norm", where);
  shape.layer_norm = flag_member(network, "layer_norm", where);
  content.normalise = flag_member(network, "normalise_observations", where);
}

}  // namespace

std::string tensors_file(const Policy::Content& content) {
  SafetensorsWriter writer;
  writer.metadata("format", "ddpg policy 1");
  writer.metadata("network", network_json(content));
  for (const auto& [key, text] : identity(content)) writer.metadata(key, text);
  for (const Tensor& tensor : content.tensors) writer.add<float>(tensor.name, wide(tensor.shape), tensor.values);
  const auto actions = static_cast<std::int64_t>(content.shape.output_size);
  writer.add<float>("action_low", {actions}, content.action_low);
  writer.add<float>("action_high", {actions}, content.action_high);
  if (content.normalise) {
    const auto observations = static_cast<std::int64_t>(content.shape.observation_size);
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
  for (const int width : content.shape.hidden) {  // before a size of the file is used
    if (width < 1 || width > 65'536)
      throw Error(fmt::format("[{}] width of a hidden layer: expected 1 to 65536, found {}", where, width));
  }
  for (const TensorForm& form : expected_tensors(content.shape)) {
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
