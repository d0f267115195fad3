// The bodies that networks have and the ways in which their weights begin, as options name them. How they are made:
// src/nn/body.h, src/nn/initialisation.h.
#pragma once

#include <vector>

#include "ddpg_policy/activation.h"

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

/// State-action embeddings, SALE (Fujimoto et al. 2023, arXiv:2306.02451): z_s = f(s) and z_sa = g(z_s, a), learnt by
/// making g(f(s), a) predict f(s'). The actor reads s and z_s, the critics s, a, z_s and z_sa, from copies that
/// hard_update_interval renews. It pays where there are dynamics to predict, and costs several times DDPG's update.
struct EncoderOptions {
  EncoderKind kind = EncoderKind::none;     ///< Paper: none; TD7: sale
  std::vector<int> hidden = {256, 256};     ///< hidden layers of f and of g, 1 to 16 of 1 to 65,536. TD7: 256-256
  int size = 256;                           ///< numbers in z_s, and in z_sa, 1 to 65,536. TD7: 256
  Activation activation = Activation::elu;  ///< of their hidden layers. TD7: elu
  double learning_rate = 3e-4;              ///< Adam's step size, > 0. TD7: 3e-4

  bool operator==(const EncoderOptions&) const = default;
};

}  // namespace ddpg
