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
  int action_layer = 0;     // mlp: the dense layer whose input the action joins, counted from 1; 0: no action
  std::vector<int> hidden;  // simba: the width of each block, all alike
  int output_size = 1;
  Activation activation = Activation::relu;
  Activation output_activation = Activation::linear;  // linear, or tanh for an actor
  bool batch_norm = false;                            // mlp
  bool layer_norm = false;                            // mlp

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

// "17-400-300-6, relu, layer normalisation"
std::string in_words(const NetworkBody& body);

}  // namespace ddpg
