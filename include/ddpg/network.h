// What networks are made of, and how their weights begin, as options name it. The making: src/nn/body.h,
// src/nn/initialisation.h.
#pragma once

namespace ddpg {

/// The body of a network.
enum class Body {
  mlp,             ///< a multilayer perceptron
  simba,           ///< residual blocks with layer normalisation: Lee et al. 2024, "SimBa", arXiv:2410.09754
  layer_norm_tanh  ///< a perceptron whose first layer alone is normalised, with tanh: DeepMind's Acme, arXiv:2006.00979
};

/// How the weights of a network begin.
enum class Init {
  fan_in,        ///< weights and biases of each layer from U(-1/sqrt(fan-in), 1/sqrt(fan-in)), as PyTorch does
  orthogonal_he  ///< first and last layer orthogonal, those between normal with variance 2/fan-in; biases 0
};

}  // namespace ddpg
