// Between two descriptions of a policy: see convert.h.
#include "policy/convert.h"

#include <algorithm>
#include <string>

#include "deploy/reader.h"
#include "nn/tensors.h"

namespace ddpg {
namespace {

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
      std::string(view.environment),  {}, std::string(view.preset), view.seed, view.step, view.mean_return,
      std::string(view.ddpg_version), {}};
  deploy::Failure failure;
  deploy::Cursor in(view.settings_bytes, "", failure);
  for (std::uint64_t i = 0; i < view.settings; i++) {
    const deploy::SettingView setting = deploy::read_setting(in);
    provenance.env.emplace(setting.name, setting_of(setting));
  }
  deploy::Cursor files(view.model_bytes, "", failure);
  for (std::uint64_t i = 0; i < view.model_files; i++) {
    const deploy::ModelFileView file = deploy::read_model_file(files);
    provenance.model.push_back({std::string(file.name), file.checksum});
  }
  return provenance;
}

std::vector<Tensor> tensors_of(const deploy::PolicyView& view, const NetworkBody& body) {
  std::vector<Tensor> tensors;
  for_each_tensor(body.steps, body.observation_size, body.action_size, [&](const TensorPlace& place) {
    TensorForm form = form_of(place);
    std::vector<float> values =
        copy<float>(view.tensors[place.step][place.part], static_cast<std::uint64_t>(form.elements()));
    tensors.push_back({std::move(form.name), std::move(form.shape), std::move(values)});
  });
  return tensors;
}

}  // namespace

deploy::PolicyView view_of(const Policy::Content& content) {
  const NetworkBody& body = content.body;
  deploy::PolicyView view;
  view.observation_size = body.observation_size;
  view.action_size = body.output_size();
  view.steps_count = static_cast<int>(body.steps.size());
  std::ranges::copy(body.steps, view.step_list);
  auto tensor = content.tensors.begin();
  for_each_tensor(body.steps, body.observation_size, body.action_size, [&](const TensorPlace& place) {
    view.tensors[place.step][place.part] = {tensor++->values.data(), true};
  });
  view.low = {content.action_low.data(), true};
  view.high = {content.action_high.data(), true};
  view.normalise = content.normalise;
  view.clip = content.clip;
  view.mean = {content.mean.data(), true};
  view.deviation = {content.deviation.data(), true};
  view.wrappers_count = static_cast<int>(content.wrappers.size());
  std::ranges::copy(content.wrappers, view.wrapper_list);
  return view;
}

Policy::Content content_of(const deploy::PolicyView& view) {
  const auto observations = static_cast<std::uint64_t>(view.observation_size);
  const auto actions = static_cast<std::uint64_t>(view.action_size);
  Policy::Content content;
  content.body = {view.observation_size, 0, {view.steps().begin(), view.steps().end()}};
  content.tensors = tensors_of(view, content.body);
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
  content.wrappers.assign(view.wrappers().begin(), view.wrappers().end());
  content.check_observations = copy<float>(view.check_observations, view.checks * observations);
  content.check_actions = copy<float>(view.check_actions, view.checks * actions);
  return content;
}

}  // namespace ddpg
