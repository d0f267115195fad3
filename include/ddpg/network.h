// The bodies that networks have and the ways in which their weights begin, as options name them. How they are made:
// src/nn/body.h, src/nn/initialisation.h.
#pragma once

namespace ddpg {

/// The body of a network.
enum class Body {
  mlp,              ///< a multilayer perceptron
  simba,            ///< residual blocks with layer normalisation: Lee et al. 2024, "SimBa", arXiv:2410.09754
  layer_norm_tanh,  ///< a perceptron whose first layer alone is normalised, with tanh: DeepMind's Acme,
                    ///< arXiv:2006.00979
  avg_l1_norm       ///< a perceptron whose first layer is divided by its mean size: TD7, arXiv:2306.02451
};

/// What actor and critics read beside observation and action.
enum class EncoderKind {
  none,
  sale  ///< embeddings of both, learnt by predicting the next one: TD7, arXiv:2306.02451
};

/// How the weights of a network begin.
enum class Init {
  fan_in,        ///< weights and biases of each layer from U(-1/sqrt(fan-in), 1/sqrt(fan-in)), as PyTorch does
  orthogonal_he  ///< first and last layer orthogonal, those between normal with variance 2/fan-in; biases 0
};

}  // namespace ddpg
