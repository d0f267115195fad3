#include "nn/body.h"

#include <algorithm>
#include <string_view>

#include "ddpg/error.h"
#include "nn/activations.h"

namespace ddpg {
namespace {

void check_sizes(const NetworkShape& shape) {
  bool good = shape.observation_size >= 1 && shape.output_size >= 1 && shape.action_size >= 0;
  for (int width : shape.hidden) good = good && width >= 1;
  const int layers = static_cast<int>(shape.hidden.size()) + 1;
  good = good &&
         (shape.action_size == 0 ? shape.action_layer == 0 : shape.action_layer >= 1 && shape.action_layer <= layers);
  if (!good) throw UsageError("[network] sizes must be >= 1 and action_layer within the layers");
  if (shape.batch_norm && shape.layer_norm) throw UsageError("[network] batch_norm and layer_norm exclude each other");
}

// Of bodies that have layer normalisation of their own.
void check_own_norm(const NetworkShape& shape, const char* name) {
  if (shape.batch_norm || shape.layer_norm || shape.action_layer > 1)
    throw UsageError(std::string("[network] ") + name +
                     " has its own layer normalisation and joins the action at layer 1; expected neither batch_norm "
                     "nor layer_norm nor another action_layer");
}

void check_simba(const NetworkShape& shape) {
  if (shape.hidden.empty() ||
      std::ranges::adjacent_find(shape.hidden, std::ranges::not_equal_to()) != shape.hidden.end())
    throw UsageError("[network] simba: expected hidden to be one width for each block, all alike, such as [256, 256]");
  check_own_norm(shape, "simba");
}

}  // namespace

NetworkBody mlp(const NetworkShape& shape) {
  NetworkBody body{shape.observation_size, shape.action_size, {}};
  make_mlp({shape.hidden, shape.output_size, shape.action_layer, shape.activation, shape.output_activation,
            shape.batch_norm, shape.layer_norm},
           [&](const Step& step) { body.steps.push_back(step); });
  if (shape.output_norm) body.steps.push_back(plain_step(StepKind::avg_l1_norm));
  return body;
}

NetworkBody simba(const NetworkShape& shape) {
  check_simba(shape);
  const int width = shape.hidden[0];
  NetworkBody body{shape.observation_size, shape.action_size, {}};
  std::vector<Step>& steps = body.steps;
  if (shape.action_size > 0) steps.push_back(plain_step(StepKind::join));
  steps.push_back(dense_step(width));
  for (std::size_t block = 0; block < shape.hidden.size(); block++) {
    const int h = static_cast<int>(steps.size());  // the value at hand
    for (const Step& step : {plain_step(StepKind::layer_norm), dense_step(4 * width), activate_step(shape.activation),
                             dense_step(width), add_step(h)})
      steps.push_back(step);
  }
  steps.push_back(plain_step(StepKind::layer_norm));
  steps.push_back(dense_step(shape.output_size));
  if (shape.output_activation != Activation::linear) steps.push_back(activate_step(shape.output_activation));
  return body;
}

NetworkBody layer_norm_tanh(const NetworkShape& shape) {
  if (shape.hidden.empty()) throw UsageError("[network] layer-norm-tanh: expected a hidden layer, found none");
  check_own_norm(shape, "layer-norm-tanh");
  NetworkBody body{shape.observation_size, shape.action_size, {}};
  std::vector<Step>& steps = body.steps;
  if (shape.action_size > 0) steps.push_back(plain_step(StepKind::join));
  for (const Step& step :
       {dense_step(shape.hidden[0]), plain_step(StepKind::layer_norm), activate_step(Activation::tanh)})
    steps.push_back(step);
  for (std::size_t layer = 1; layer < shape.hidden.size(); layer++) {
    steps.push_back(dense_step(shape.hidden[layer]));
    if (shape.activation != Activation::linear) steps.push_back(activate_step(shape.activation));
  }
  steps.push_back(dense_step(shape.output_size));
  if (shape.output_activation != Activation::linear) steps.push_back(activate_step(shape.output_activation));
  return body;
}

NetworkBody avg_l1_norm(const NetworkShape& shape) {
  if (shape.hidden.empty()) throw UsageError("[network] avg-l1-norm: expected a hidden layer, found none");
  if (shape.batch_norm || shape.layer_norm)
    throw UsageError("[network] avg-l1-norm has its own normalisation; expected neither batch_norm nor layer_norm");
  NetworkBody body{shape.observation_size, shape.action_size, {}};
  const int layers = static_cast<int>(shape.hidden.size()) + 1;
  for (int layer = 1; layer <= layers; layer++) {
    const bool is_last = layer == layers;
    if (layer == shape.action_layer) body.steps.push_back(plain_step(StepKind::join));
    body.steps.push_back(dense_step(is_last ? shape.output_size : shape.hidden[static_cast<std::size_t>(layer) - 1]));
    const Activation activation = is_last ? shape.output_activation : shape.activation;
    if (layer == 1)
      body.steps.push_back(plain_step(StepKind::avg_l1_norm));
    else if (activation != Activation::linear)
      body.steps.push_back(activate_step(activation));
  }
  return body;
}

NetworkBody with_encoder(const NetworkBody& encoder, const NetworkBody& actor) {
  NetworkBody body{encoder.observation_size, 0, encoder.steps};
  const int embedding = static_cast<int>(body.steps.size());  // the value that the encoder gives
  body.steps.push_back(recall_step(0));
  for (Step step : actor.steps) {
    if (step.kind == StepKind::join)
      step = append_step(embedding);
    else if (takes_earlier_value(step))
      step.value += embedding + 1;
    body.steps.push_back(step);
  }
  return body;
}

NetworkBody body_of(const NetworkShape& shape) {
  check_sizes(shape);
  switch (shape.body) {
    case Body::mlp:
      return mlp(shape);
    case Body::simba:
      return simba(shape);
    case Body::layer_norm_tanh:
      return layer_norm_tanh(shape);
    case Body::avg_l1_norm:
      return avg_l1_norm(shape);
  }
  throw UsageError("[network] expected a known kind of body");
}

std::string in_words(const NetworkBody& body) {
  std::string widths = std::to_string(body.observation_size), others;
  const auto tell = [&](std::string_view word) {
    if (others.find(word) == std::string::npos) others += std::string(", ") + std::string(word);
  };
  for (std::size_t i = 0; i < body.steps.size(); i++) {
    const Step& step = body.steps[i];
    switch (step.kind) {
      case StepKind::dense:
        widths += "-" + std::to_string(step.out);
        break;
      case StepKind::activate:  // that of the output goes without saying
        if (i + 1 < body.steps.size()) tell(name_of(step.activation));
        break;
      case StepKind::batch_norm:
        tell("batch normalisation");
        break;
      case StepKind::layer_norm:
        tell("layer normalisation");
        break;
      case StepKind::add:
        tell("residual");
        break;
      case StepKind::avg_l1_norm:
        tell("AvgL1Norm");
        break;
      case StepKind::recall:
        tell("encoder");
        break;
      case StepKind::join:
      case StepKind::append:
        break;
    }
  }
  return widths + others;
}

}  // namespace ddpg
