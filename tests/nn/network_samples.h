// Networks of every kind, small and of awkward sizes, for the tests of the nn room.
#pragma once

#include <string>
#include <vector>

#include "nn/network.h"
#include "nn/passes.h"
#include "nn/random_panels.h"

namespace ddpg::testing {

struct NetworkSample {
  std::string name;
  NetworkShape shape;
};

inline void PrintTo(const NetworkSample& sample, std::ostream* out) {
  *out << sample.name;
}

inline NetworkShape actor_shape(std::vector<int> hidden, int output_size = 2) {
  NetworkShape shape;
  shape.observation_size = 5;
  shape.hidden = std::move(hidden);
  shape.output_size = output_size;
  shape.output_activation = Activation::tanh;
  return shape;
}

inline NetworkShape critic_shape(std::vector<int> hidden, int action_layer, int action_size = 3) {
  NetworkShape shape = actor_shape(std::move(hidden), 1);
  shape.output_activation = Activation::linear;
  shape.action_size = action_size;
  shape.action_layer = action_layer;
  return shape;
}

// Actors and critics, each plain, with batch norm and with layer norm, and each activation.
inline std::vector<NetworkSample> network_samples() {
  const std::vector<NetworkSample> bare{{"actor", actor_shape({19, 7})},
                                        {"actor_of_one_action", actor_shape({33}, 1)},
                                        {"actor_of_17_actions", actor_shape({16, 20}, 17)},
                                        {"linear", actor_shape({}, 3)},
                                        {"narrow", actor_shape({1, 4}, 2)},
                                        {"critic_joined_at_1", critic_shape({19, 7}, 1)},
                                        {"critic_joined_at_2", critic_shape({20, 33}, 2)},
                                        {"critic_joined_at_output", critic_shape({9, 18}, 3, 17)},
                                        {"critic_of_no_layer", critic_shape({}, 1)}};
  const std::pair<const char*, Activation> activations[] = {
      {"relu", Activation::relu}, {"tanh", Activation::tanh}, {"elu", Activation::elu}};
  std::vector<NetworkSample> samples;
  for (const NetworkSample& sample : bare)
    for (const auto& [activation, value] : activations)
      for (const char* norm : {"", "_batch_norm", "_layer_norm"}) {
        NetworkSample next{sample.name + "_" + activation + norm, sample.shape};
        next.shape.activation = value;
        next.shape.batch_norm = norm == std::string("_batch_norm");
        next.shape.layer_norm = norm == std::string("_layer_norm");
        samples.push_back(next);
      }
  return samples;
}

// Initialised, and with gains, shifts and running statistics that are not the trivial ones.
inline Weights random_weights(const Network& network, RandomStream& random) {
  std::vector<Tensor> tensors = network.tensors(network.initialise(random, 0));
  for (Tensor& tensor : tensors)
    if (tensor.name.find("norm") != std::string::npos)
      for (float& value : tensor.values) value = static_cast<float>(random.uniform(0.5, 1.5));
  return network.from_tensors(tensors);
}

// 1 where a parameter lies, 0 in the padding.
inline AlignedFloats places_of_parameters(const Network& network) {
  std::vector<Tensor> tensors = network.tensors(network.make_weights());
  for (Tensor& tensor : tensors) tensor.values.assign(tensor.values.size(), 1.0f);
  return network.from_tensors(tensors).parameters;
}

inline ::testing::AssertionResult padding_is_zero(const Network& network, const AlignedFloats& floats) {
  const AlignedFloats places = places_of_parameters(network);
  for (std::size_t i = 0; i < floats.size(); i++)
    if (places[i] == 0 && floats[i] != 0) return ::testing::AssertionFailure() << "at " << i << ": " << floats[i];
  return ::testing::AssertionSuccess();
}

// A network with its weights, a minibatch, and an outer gradient.
struct Pass {
  Pass(const NetworkShape& shape, int rows, std::uint64_t seed)
      : random(seed, "pass"),
        network(shape),
        weights(random_weights(network, random)),
        observation(random_matrix(random, rows, shape.observation_size)),
        action(random_matrix(random, rows, shape.action_size)),
        outer(random_matrix(random, rows, shape.output_size)),
        trace(network, rows + 3, true),
        gradient(marked_floats(static_cast<int>(network.buffer_size()))) {}

  ConstPanels run(NormMode mode) {
    forward(network, compute, weights, observation.view(), action_view(), mode, trace);
    return trace.output();
  }
  // d loss / d (output before its activation) = outer
  void run_backward() {
    for (int r = 0; r < outer.view().rows; r++)
      for (int c = 0; c < outer.view().width; c++) trace.output_gradient().at(r, c) = outer.view().at(r, c);
    backward_parameters(network, compute, weights, observation.view(), action_view(), trace, gradient);
  }
  PanelMatrix run_backward_action() {
    PanelMatrix d = marked_matrix(outer.view().rows, network.shape().action_size);
    for (int r = 0; r < outer.view().rows; r++)
      for (int c = 0; c < outer.view().width; c++) trace.output_gradient().at(r, c) = outer.view().at(r, c);
    backward_action(network, compute, weights, trace, d.view());
    return d;
  }
  ConstPanels action_view() const { return network.shape().action_size ? action.view() : ConstPanels{}; }

  RandomStream random;
  Network network;
  Compute compute;
  Weights weights;
  PanelMatrix observation, action, outer;
  Trace trace;
  AlignedFloats gradient;
};

}  // namespace ddpg::testing
