// The list of a network's tensors: see tensors.h.
#include "nn/tensors.h"

#include <algorithm>

namespace ddpg {
namespace {

void add_norm(std::vector<TensorForm>& forms, const std::string& prefix, int width, bool statistics) {
  forms.push_back({prefix + ".weight", {width}});
  forms.push_back({prefix + ".bias", {width}});
  if (!statistics) return;
  forms.push_back({prefix + ".running_mean", {width}});
  forms.push_back({prefix + ".running_var", {width}});
}

}  // namespace

std::int64_t TensorForm::elements() const {
  std::int64_t product = 1;
  for (int size : shape) product *= size;
  return product;
}

const Tensor* find_tensor(const std::vector<Tensor>& tensors, std::string_view name) {
  const auto found = std::ranges::find(tensors, name, &Tensor::name);
  return found == tensors.end() ? nullptr : &*found;
}

bool has_norm(const NetworkShape& shape, int layer) {
  const bool hidden = layer < static_cast<int>(shape.hidden.size());
  const bool before_action = shape.action_size == 0 || layer + 1 < shape.action_layer;
  return hidden && (shape.layer_norm || (shape.batch_norm && before_action));
}

std::vector<TensorForm> expected_tensors(const NetworkShape& shape) {
  std::vector<TensorForm> forms;
  if (shape.batch_norm) add_norm(forms, "input_norm", shape.observation_size, true);

  const int layers = static_cast<int>(shape.hidden.size()) + 1;
  int in = shape.observation_size;
  for (int n = 0; n < layers; n++) {
    const std::string index = std::to_string(n);
    const int out = n + 1 < layers ? shape.hidden[static_cast<std::size_t>(n)] : shape.output_size;
    if (n + 1 == shape.action_layer) in += shape.action_size;
    const bool norm = has_norm(shape, n);
    forms.push_back({"layers." + index + ".weight", {out, in}});
    if (!(norm && shape.batch_norm)) forms.push_back({"layers." + index + ".bias", {out}});
    if (norm) add_norm(forms, "norms." + index, out, shape.batch_norm);
    in = out;
  }
  return forms;
}

}  // namespace ddpg
