// The network of a policy as data, for to_torch() and whoever computes it elsewhere.
#include <nanobind/stl/string.h>

#include "arrays.h"
#include "deploy/steps.h"
#include "nn/activations.h"
#include "policy.h"
#include "policy/content.h"

namespace ddpg::python {
namespace {

const char* kind_of(const Step& step) {
  switch (step.kind) {
    case StepKind::dense:
      return "dense";
    case StepKind::layer_norm:
      return "layer_norm";
    case StepKind::batch_norm:
      return "batch_norm";
    case StepKind::activate:
      return "activate";
    case StepKind::join:
      return "join";
    case StepKind::add:
      return "add";
    case StepKind::avg_l1_norm:
      return "avg_l1_norm";
    case StepKind::recall:
      return "recall";
    case StepKind::append:
      return "append";
  }
  return "";
}

nb::object array_of(const Tensor& tensor) {
  const auto rows = static_cast<std::size_t>(tensor.shape[0]);
  const std::span<const float> values(tensor.values);
  return tensor.shape.size() == 1 ? new_array(values, {rows}) : new_array(values, {rows, values.size() / rows});
}

nb::typed<nb::list, Named> steps_of(const Policy::Content& content) {
  nb::typed<nb::list, Named> steps;
  for (const Step& step : content.body.steps) {
    Named row;
    row["kind"] = kind_of(step);
    row["tensors"] = nb::dict();
    if (step.kind == StepKind::activate) row["activation"] = std::string(name_of(step.activation));
    if (takes_earlier_value(step)) row["value"] = step.value;
    steps.append(row);
  }
  std::size_t next = 0;
  for_each_tensor(content.body.steps, content.body.observation_size, 0, [&](const TensorPlace& place) {
    const Tensor& tensor = content.tensors[next++];
    nb::object row = steps[static_cast<std::size_t>(place.step)];
    row["tensors"][part_name(place.part)] = array_of(tensor);
    row["name"] = tensor.name.substr(0, tensor.name.rfind('.'));
  });
  return steps;
}

Named network_of(const SharedPolicy& policy) {
  const Policy::Content& content = policy.policy.content();
  Named network;
  network["steps"] = steps_of(content);
  network["normalise"] = content.normalise;
  network["mean"] = new_array(std::span<const double>(content.mean), {content.mean.size()});
  network["deviation"] = new_array(std::span<const double>(content.deviation), {content.deviation.size()});
  network["clip"] = content.clip;
  return network;
}

}  // namespace

void bind_network(nb::module_& module) {
  using namespace nb::literals;
  module.def("network_of", network_of, "policy"_a,
             "A policy's network: `steps`, each a dict with `kind`, `tensors` by part and what else it has (value 0 is "
             "the observation, value k + 1 what step k gives); and the normalisation of observations before them.");
}

}  // namespace ddpg::python
