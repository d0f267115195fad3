// Between two descriptions of a policy: see convert.h.
#include "policy/convert.h"

#include <array>
#include <string>

#include "deploy/reader.h"
#include "nn/tensors.h"

namespace ddpg {
namespace {

// As in the file: its code is its place.
constexpr std::array kActivations = {Activation::linear, Activation::relu, Activation::tanh, Activation::elu};

deploy::Activation view_of(Activation activation) {
  std::uint8_t code = 0;
  while (kActivations[code] != activation) code++;
  return static_cast<deploy::Activation>(code);
}

Activation activation_of(deploy::Activation activation) {
  return kActivations[static_cast<std::size_t>(activation)];
}

// Hands out the tensors in their order.
struct NextTensor {
  const std::vector<Tensor>& tensors;
  std::size_t next = 0;

  deploy::Floats take() { return {tensors[next++].values.data(), true}; }
  deploy::NormView take_norm(bool statistics) {
    deploy::NormView norm;
    norm.gain = take();
    norm.shift = take();
    if (!statistics) return norm;
    norm.mean = take();
    norm.variance = take();
    return norm;
  }
};

template <class Number, class View>
std::vector<Number> copy(const View& view, std::uint64_t count) {
  std::vector<Number> values(count);
  for (std::uint64_t i = 0; i < count; i++) values[i] = view[i];
  return values;
}

std::vector<std::string> copy(const deploy::TextList& list) {
  deploy::Failure failure;
  deploy::Cursor in({reinterpret_cast<const char*>(list.bytes), list.size}, "", failure);
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < list.count; i++) texts.emplace_back(in.text(""));
  return texts;
}

Setting setting_of(const deploy::SettingView& view) {
  if (view.type == 0) return view.flag;
  if (view.type == 1) return view.number;
  if (view.type == 2) return std::string(view.text);
  return copy<double>(view.numbers, view.count);
}

Provenance provenance_of(const deploy::PolicyView& view) {
  Provenance provenance{
      std::string(view.environment), {}, std::string(view.preset), view.seed, view.step, view.mean_return,
      std::string(view.ddpg_version)};
  deploy::Failure failure;
  deploy::Cursor in(view.settings_bytes, "", failure);
  for (std::uint64_t i = 0; i < view.settings; i++) {
    const deploy::SettingView setting = deploy::read_setting(in);
    provenance.env.emplace(setting.name, setting_of(setting));
  }
  return provenance;
}

NetworkShape shape_of(const deploy::PolicyView& view) {
  NetworkShape shape;
  shape.observation_size = view.observation_size;
  shape.output_size = view.action_size;
  shape.activation = activation_of(view.activation);
  shape.output_activation = activation_of(view.output_activation);
  shape.batch_norm = view.batch_norm;
  shape.layer_norm = view.layer_norm;
  for (int n = 0; n + 1 < view.layers_count; n++) shape.hidden.push_back(view.layers[n].out);
  return shape;
}

void add_norm(std::vector<deploy::Floats>& all, const deploy::NormView& norm) {
  for (const deploy::Floats& floats : {norm.gain, norm.shift, norm.mean, norm.variance})
    if (floats) all.push_back(floats);
}

std::vector<Tensor> tensors_of(const deploy::PolicyView& view, const NetworkShape& shape) {
  std::vector<deploy::Floats> all;
  add_norm(all, view.input_norm);
  for (int n = 0; n < view.layers_count; n++) {
    all.push_back(view.layers[n].weights);
    if (view.layers[n].bias) all.push_back(view.layers[n].bias);
    add_norm(all, view.layers[n].norm);
  }
  std::vector<Tensor> tensors;
  for (TensorForm& form : expected_tensors(shape)) {
    std::vector<float> values = copy<float>(all[tensors.size()], static_cast<std::uint64_t>(form.elements()));
    tensors.push_back({std::move(form.name), std::move(form.shape), std::move(values)});
  }
  return tensors;
}

}  // namespace

deploy::PolicyView view_of(const Policy::Content& content) {
  const NetworkShape& shape = content.shape;
  deploy::PolicyView view;
  view.observation_size = shape.observation_size;
  view.action_size = shape.output_size;
  view.activation = view_of(shape.activation);
  view.output_activation = view_of(shape.output_activation);
  view.batch_norm = shape.batch_norm;
  view.layer_norm = shape.layer_norm;
  view.layers_count = static_cast<int>(shape.hidden.size()) + 1;
  NextTensor next{content.tensors};
  if (shape.batch_norm) view.input_norm = next.take_norm(true);
  for (int n = 0; n < view.layers_count; n++) {
    deploy::LayerView& layer = view.layers[n];
    layer.in = n == 0 ? shape.observation_size : shape.hidden[static_cast<std::size_t>(n) - 1];
    layer.out = n + 1 == view.layers_count ? shape.output_size : shape.hidden[static_cast<std::size_t>(n)];
    layer.weights = next.take();
    const bool norm = has_norm(shape, n);
    if (!(norm && shape.batch_norm)) layer.bias = next.take();
    if (norm) layer.norm = next.take_norm(shape.batch_norm);
  }
  view.low = {content.action_low.data(), true};
  view.high = {content.action_high.data(), true};
  view.normalise = content.normalise;
  view.clip = content.clip;
  view.mean = {content.mean.data(), true};
  view.deviation = {content.deviation.data(), true};
  return view;
}

Policy::Content content_of(const deploy::PolicyView& view) {
  const auto observations = static_cast<std::uint64_t>(view.observation_size);
  const auto actions = static_cast<std::uint64_t>(view.action_size);
  Policy::Content content;
  content.shape = shape_of(view);
  content.tensors = tensors_of(view, content.shape);
  content.action_low = copy<float>(view.low, actions);
  content.action_high = copy<float>(view.high, actions);
  content.normalise = view.normalise;
  content.mean = copy<double>(view.mean, view.normalise ? observations : 0);
  content.deviation = copy<double>(view.deviation, view.normalise ? observations : 0);
  content.clip = view.clip;
  content.provenance = provenance_of(view);
  content.time_limit = view.time_limit;
  content.control_period = view.control_period;
  content.observation_names = copy(view.observation_names);
  content.observation_units = copy(view.observation_units);
  content.action_names = copy(view.action_names);
  content.action_units = copy(view.action_units);
  content.check_observations = copy<float>(view.check_observations, view.checks * observations);
  content.check_actions = copy<float>(view.check_actions, view.checks * actions);
  return content;
}

}  // namespace ddpg
