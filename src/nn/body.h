// The bodies of networks: each a small function that makes a list of steps (deploy/steps.h). Not here: where numbers
// lie (network.h).
#pragma once

#include <string>
#include <vector>

#include "ddpg/network.h"
#include "deploy/steps.h"

namespace ddpg {

// A network as data.
struct NetworkBody {
  int observation_size = 0;
  int action_size = 0;  // numbers that a step joins; 0: an actor
  std::vector<Step> steps;

  int width(int value) const { return width_of(steps, observation_size, action_size, value); }  // of value 0, 1, ...
  int output_size() const { return width(static_cast<int>(steps.size())); }

  bool operator==(const NetworkBody&) const = default;
};

// What a body is made from.
struct NetworkShape {
  Body body = Body::mlp;
  int observation_size = 0;
  int action_size = 0;
  int action_layer = 0;     // mlp, avg_l1_norm: the dense layer whose input the action joins, from 1 on; 0: no action
  std::vector<int> hidden;  // simba: the width of each block, all alike
  int output_size = 1;
  Activation activation = Activation::relu;
  Activation output_activation = Activation::linear;  // linear, or tanh for an actor
  bool batch_norm = false;                            // mlp
  bool layer_norm = false;                            // mlp
  bool output_norm = false;                           // mlp: AvgL1Norm of the output

  bool operator==(const NetworkShape&) const = default;
};

// Throws UsageError on sizes that cannot be.
NetworkBody body_of(const NetworkShape& shape);

// dense and norm, layer by layer: deploy/steps.h.
NetworkBody mlp(const NetworkShape& shape);
// The residual network of SimBa (Lee et al. 2024, "SimBa: simplicity bias for scaling up parameters in deep
// reinforcement learning", arXiv:2410.09754): x = [observation, action]; h = W x + b; for each hidden width, all of
// them alike, a block h = h + W2 activation(W1 norm(h)), W1 four times as wide; then norm(h) and the output layer. Its
// RSNorm is the normaliser of observations. norm is layer normalisation.
NetworkBody simba(const NetworkShape& shape);

// The perceptron of DeepMind's Acme (LayerNormMLP; Hoffman et al. 2020, arXiv:2006.00979): x = [observation, action];
// tanh(norm(W x + b)), then hidden layers with the activation as in mlp.
NetworkBody layer_norm_tanh(const NetworkShape& shape);

// The perceptron of TD7 (Fujimoto et al. 2023, "For SALE: state-action representation learning for deep reinforcement
// learning", arXiv:2306.02451): AvgL1Norm(W x + b), then hidden layers with the activation as in mlp. It keeps what is
// observed at the scale of embeddings, which join behind the first layer.
NetworkBody avg_l1_norm(const NetworkShape& shape);

// A policy of two networks, `encoder` and an actor that reads [its own, the encoder's output] where it joins an action.
// Its tensors are those of the encoder and then those of the actor.
NetworkBody with_encoder(const NetworkBody& encoder, const NetworkBody& actor);

// "17-400-300-6, relu, layer normalisation"
std::string in_words(const NetworkBody& body);

}  // namespace ddpg
