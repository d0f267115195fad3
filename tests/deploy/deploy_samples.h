// Policies as they are trained, for the policy library: every kind of network, with weights that move every lane.
#pragma once

#include <vector>

#include "nn/network.h"
#include "nn/tensors.h"
#include "policy/content.h"

namespace ddpg::testing {

// Random weights; gains, shifts and running statistics are random, too; unequal bounds.
inline Policy::Content random_policy(const NetworkBody& body, bool normalise, std::uint64_t seed) {
  RandomStream random(seed, "deploy test");
  Policy::Content content;
  content.body = body;
  const Network network(body);
  content.tensors = network.tensors(network.initialise(random, 0));
  for (Tensor& tensor : content.tensors)
    if (tensor.name.find("norm") != std::string::npos)
      for (float& value : tensor.values)
        value =
            static_cast<float>(tensor.name.ends_with("running_var") ? random.uniform(0.1, 4) : random.uniform(-1, 1));
  for (int i = 0; i < body.output_size(); i++) {
    content.action_low.push_back(static_cast<float>(-0.3 - i));
    content.action_high.push_back(static_cast<float>(1 + 0.7 * i));
  }
  content.normalise = normalise;
  content.clip = normalise ? 5 : 0;
  for (int i = 0; normalise && i < body.observation_size; i++) {
    content.mean.push_back(random.uniform(-1, 1));
    content.deviation.push_back(random.uniform(0.1, 3));
  }
  content.provenance = {"Pendulum-v1", {}, "default", 7, 20'000, -147.5, "0.1.0"};
  return content;
}

inline Policy::Content random_policy(const NetworkShape& shape, bool normalise, std::uint64_t seed) {
  return random_policy(body_of(shape), normalise, seed);
}

inline NetworkShape actor_network(int observations, std::vector<int> hidden, int actions,
                                  Activation activation = Activation::relu) {
  NetworkShape shape;
  shape.observation_size = observations;
  shape.hidden = std::move(hidden);
  shape.output_size = actions;
  shape.activation = activation;
  shape.output_activation = Activation::tanh;
  return shape;
}

inline std::vector<float> random_observations(int rows, int size, std::uint64_t seed) {
  RandomStream random(seed, "observations");
  std::vector<float> values(static_cast<std::size_t>(rows) * static_cast<std::size_t>(size));
  for (float& value : values) value = static_cast<float>(random.uniform(-4, 4));
  return values;
}

}  // namespace ddpg::testing
