// Networks of every kind, small and of awkward sizes, for the tests of the nn room.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "nn/network.h"
#include "nn/passes.h"
#include "nn/random_panels.h"

namespace ddpg::testing {

struct NetworkSample {
  std::string name;
  NetworkBody body;
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

inline NetworkShape simba_shape(NetworkShape shape) {
  shape.body = Body::simba;
  return shape;
}

// Lists that no body makes: steps that meet in every order, values that are added twice or behind an activation.
inline std::vector<NetworkSample> odd_networks() {
  const Step layer_norm = plain_step(StepKind::layer_norm), batch_norm = plain_step(StepKind::batch_norm),
             join = plain_step(StepKind::join), tanh = activate_step(Activation::tanh),
             elu = activate_step(Activation::elu), average = plain_step(StepKind::avg_l1_norm);
  return {
      {"odd_shortcut_of_an_activation",
       {5, 0, {dense_step(17), elu, dense_step(17), add_step(2), tanh, dense_step(3)}}},
      {"odd_added_twice", {5, 0, {dense_step(7), dense_step(7), add_step(1), tanh, add_step(1), dense_step(2), tanh}}},
      {"odd_shortcuts_across",
       {5,
        0,
        {dense_step(18), elu, dense_step(18), add_step(1), dense_step(18), add_step(4), add_step(2), dense_step(2)}}},
      {"odd_action_joins_a_norm", {5, 3, {dense_step(6), join, layer_norm, dense_step(20), elu, dense_step(1)}}},
      {"odd_action_is_added",
       {5, 3, {join, layer_norm, dense_step(8), tanh, dense_step(8), add_step(4), dense_step(1)}}},
      {"odd_norm_of_the_observation", {5, 0, {layer_norm, dense_step(9), elu, layer_norm, dense_step(2)}}},
      {"odd_activation_first",
       {5, 0, {tanh, elu, dense_step(9), batch_norm, dense_step(9), add_step(4), elu, dense_step(2), elu, tanh}}},
      {"odd_without_biases", {5, 0, {dense_step(33, false), tanh, dense_step(1, false)}}},
      {"odd_ends_in_a_sum", {5, 0, {dense_step(4), elu, dense_step(4), add_step(1)}}},
      {"odd_average_under_an_activation",
       {5, 0, {dense_step(18), average, tanh, average, dense_step(18), add_step(2)}}},
      {"odd_average_of_a_sum", {5, 3, {dense_step(7), tanh, join, dense_step(7), add_step(2), average, elu, average}}}};
}

inline NetworkShape average_shape(NetworkShape shape) {
  shape.body = Body::avg_l1_norm;
  return shape;
}

// Policies that are put together: with an encoder before an actor that joins embeddings at its second layer, at its
// first, or at an output; and what nobody makes.
inline std::vector<NetworkSample> composed_networks() {
  const auto encoder = [](int size) {
    NetworkShape shape = actor_shape({20, 9}, size);
    shape.activation = Activation::elu;
    shape.output_activation = Activation::linear;
    shape.output_norm = true;
    return body_of(shape);
  };
  const auto actor = [](std::vector<int> hidden, int layer, int size, int actions) {
    NetworkShape shape = actor_shape(std::move(hidden), actions);
    shape.action_size = size, shape.action_layer = layer;
    return shape;
  };
  const Step tanh = activate_step(Activation::tanh), average = plain_step(StepKind::avg_l1_norm);
  return {{"sale", with_encoder(encoder(16), body_of(average_shape(actor({32, 18, 17}, 2, 16, 6))))},
          {"sale_of_awkward_sizes", with_encoder(encoder(7), body_of(average_shape(actor({19, 5}, 2, 7, 1))))},
          {"sale_beside_the_observation", with_encoder(encoder(19), body_of(actor({40}, 1, 19, 2)))},
          {"sale_of_residual_blocks", with_encoder(encoder(5), body_of(simba_shape(actor({20, 20}, 1, 5, 3))))},
          {"recalled_and_changed_in_its_place",
           {5,
            0,
            {dense_step(18), average, recall_step(1), tanh, append_step(0), recall_step(2), average, append_step(5),
             dense_step(3), tanh}}}};
}

// `count` values of `width` numbers that wait at the same time: the last of them when the step takes it that uses the
// first again.
inline NetworkBody body_of_waiting_values(int count, int width) {
  NetworkBody body{3, 0, std::vector<Step>(static_cast<std::size_t>(count), dense_step(width))};
  for (int value = 1; value <= count; value++) body.steps.push_back(add_step(value));
  body.steps.push_back(dense_step(2));
  body.steps.push_back(activate_step(Activation::tanh));
  return body;
}

// Actors and critics, each plain, with batch norm and with layer norm, and each activation; residual networks, and
// lists that no body makes.
inline std::vector<NetworkSample> network_samples() {
  struct Bare {
    std::string name;
    NetworkShape shape;
  };
  const std::vector<Bare> bare{{"actor", actor_shape({19, 7})},
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
  std::vector<NetworkSample> samples = odd_networks();
  for (const auto& [activation, value] : activations) {
    for (const auto& [name, plain] : bare)
      for (const char* norm : {"", "_batch_norm", "_layer_norm"}) {
        NetworkShape shape = plain;
        shape.activation = value;
        shape.batch_norm = norm == std::string("_batch_norm");
        shape.layer_norm = norm == std::string("_layer_norm");
        samples.push_back({name + "_" + activation + norm, body_of(shape)});
      }
    for (NetworkShape shape : {actor_shape({20, 20}), actor_shape({4}, 1), critic_shape({17, 17, 17}, 1)}) {
      shape.activation = value;
      samples.push_back({std::string(shape.action_size > 0 ? "critic_simba_" : "actor_simba_") + activation,
                         body_of(simba_shape(shape))});
    }
    for (NetworkShape shape : {actor_shape({20, 7}), critic_shape({17, 9}, 1)}) {
      shape.body = Body::layer_norm_tanh;
      shape.activation = value;
      samples.push_back(
          {std::string(shape.action_size > 0 ? "critic" : "actor") + "_layer_norm_tanh_" + activation, body_of(shape)});
    }
    for (NetworkShape shape : {actor_shape({20, 7}), critic_shape({17, 9}, 1), critic_shape({16, 9, 8}, 2, 34)}) {
      shape.activation = value;
      samples.push_back(
          {fmt::format("avg_l1_norm_{}_{}", shape.action_layer, activation), body_of(average_shape(shape))});
    }
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
  Pass(const NetworkShape& shape, int rows, std::uint64_t seed) : Pass(body_of(shape), rows, seed) {}
  Pass(const NetworkBody& body, int rows, std::uint64_t seed, Fusing fusing = Fusing::on)
      : random(seed, "pass"),
        network(body, fusing),
        weights(random_weights(network, random)),
        observation(random_matrix(random, rows, body.observation_size)),
        action(random_matrix(random, rows, body.action_size)),
        outer(random_matrix(random, rows, body.output_size())),
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
  // The gradients to the observation and to the first `columns` of the action.
  std::pair<PanelMatrix, PanelMatrix> run_backward_inputs(int columns) {
    std::pair d{marked_matrix(outer.view().rows, network.observation_size()),
                marked_matrix(outer.view().rows, columns)};
    for (int r = 0; r < outer.view().rows; r++)
      for (int c = 0; c < outer.view().width; c++) trace.output_gradient().at(r, c) = outer.view().at(r, c);
    backward_inputs(network, compute, weights, trace, d.first.view(), d.second.view());
    return d;
  }
  PanelMatrix run_backward_action() {
    PanelMatrix d = marked_matrix(outer.view().rows, network.action_size());
    for (int r = 0; r < outer.view().rows; r++)
      for (int c = 0; c < outer.view().width; c++) trace.output_gradient().at(r, c) = outer.view().at(r, c);
    backward_action(network, compute, weights, trace, d.view());
    return d;
  }
  ConstPanels action_view() const { return network.action_size() ? action.view() : ConstPanels{}; }

  RandomStream random;
  Network network;
  Compute compute;
  Weights weights;
  PanelMatrix observation, action, outer;
  Trace trace;
  AlignedFloats gradient;
};

}  // namespace ddpg::testing
