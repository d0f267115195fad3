// The list of a network's tensors: see tensors.h.
#include "nn/tensors.h"

#include <algorithm>

namespace ddpg {

std::int64_t TensorForm::elements() const {
  std::int64_t product = 1;
  for (int size : shape) product *= size;
  return product;
}

const Tensor* find_tensor(const std::vector<Tensor>& tensors, std::string_view name) {
  const auto found = std::ranges::find(tensors, name, &Tensor::name);
  return found == tensors.end() ? nullptr : &*found;
}

std::string tensor_name(const TensorPlace& place) {
  const std::string group = group_name(place.group);
  const std::string index = place.group == TensorGroup::input_norm ? "" : "." + std::to_string(place.index);
  return group + index + "." + part_name(place.part);
}

TensorForm form_of(const TensorPlace& place) {
  std::vector<int> shape = {place.rows};
  if (place.columns > 0) shape.push_back(place.columns);
  return {tensor_name(place), std::move(shape)};
}

std::vector<TensorForm> expected_tensors(const NetworkBody& body) {
  std::vector<TensorForm> forms;
  for_each_tensor(body.steps, body.observation_size, body.action_size,
                  [&](const TensorPlace& place) { forms.push_back(form_of(place)); });
  return forms;
}

}  // namespace ddpg
