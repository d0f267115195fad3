// A network, its target and its optimiser.
#pragma once

#include <utility>

#include "ddpg/options.h"
#include "nn/adam.h"

namespace ddpg {

struct Learned {
  Learned(NetworkShape shape, const AdamOptions& adam_options, const NetworkOptions& how, RandomStream& random)
      : network(std::move(shape)),
        weights(network.initialise(random, how.final_init, how.init)),
        target(weights),
        gradient(network.buffer_size()),
        adam(network, {adam_options.beta1, adam_options.beta2, adam_options.epsilon}) {}

  Network network;
  Weights weights;
  Weights target;  // begins as an exact copy
  AlignedFloats gradient;
  Adam adam;

  void exchange(Snapshot& snapshot);  // actor_critic.cpp
};

}  // namespace ddpg
