// The options of networks: what each is made of, and how it is trained. The rest of a training's options: options.h,
// which says what "Paper" is.
#pragma once

#include <cstdint>
#include <vector>

#include "ddpg/network.h"
#include "ddpg/scheduled.h"
#include "ddpg_policy/activation.h"

namespace ddpg {

/// What is taken of several critics: the first one's value, the mean of all, or the smallest, each time for each
/// transition.
enum class Aggregate { first, mean, min };

/// What a critic's outputs mean, and how far they are from what they should be.
enum class Head {
  mse,          ///< one number, Q; the mean of (y - Q)^2
  huber,        ///< one number, Q; the mean of (y - Q)^2 / 2 where |y - Q| < 1, and of |y - Q| - 1/2 beyond
  categorical,  ///< the chances of `atoms` values, whose mean is Q; the cross-entropy between them and their targets
  two_hot       ///< the same chances, but y is one number, which lies between two of the values: Q alone is learnt
};
inline bool is_distribution(Head head) {
  return head == Head::categorical || head == Head::two_hot;
}

/// One network and how it is trained.
struct NetworkOptions {
  /// Widths of the hidden layers, first to last; 1 to 16 layers of 1 to 65,536. With body = simba: of the residual
  /// blocks, all alike and at most 16,384; {256, 256} is two blocks. Paper: 400-300, section 7.
  std::vector<int> hidden = {64, 64};
  /// Activation of the hidden layers. Paper: relu, section 7.
  Activation activation = Activation::relu;
  /// Batch normalisation (Ioffe and Szegedy 2015) of the observation and of the layers, before the activation: all
  /// hidden layers of the actor; in the critic those before the action joins. Paper: on, section 3.
  bool batch_norm = false;
  /// Layer normalisation (Ba et al. 2016) of every hidden layer, before the activation. Not with batch_norm. Paper:
  /// off.
  bool layer_norm = false;
  /// Half-width of the uniform initialisation of the output layer, >= 0; 0 means 1/sqrt(fan-in) as in the other layers.
  /// Paper: 3e-3.
  double final_init = 3e-3;
  /// Adam's step size, > 0; a number or a schedule. Paper: 1e-4 actor, 1e-3 critic, section 7.
  Scheduled learning_rate = 1e-3;
  /// Largest L2 norm of the gradient over all parameters; longer ones are scaled down to it. >= 0, 0: off. Paper: off.
  double gradient_clip = 0;
  /// What the network is built of. simba: deeper networks, which still gain where a perceptron no longer does,
  /// at several times the cost. layer_norm_tanh: a first layer that no scale of the observations unsettles.
  /// avg_l1_norm: the same, and beside an encoder, whose embeddings join behind it. Paper: mlp, section 7.
  Body body = Body::mlp;
  /// How weights begin; a final_init above 0 decides the output layer. Paper: fan_in, section 7; SimBa: orthogonal_he.
  Init init = Init::fan_in;
  /// Decay of AdamW (Loshchilov and Hutter 2019) beside the step, of all parameters: w -= learning_rate * this * w.
  /// >= 0. Paper: 0, whose penalty critic.l2 is; SimBa: 1e-2.
  double weight_decay = 0;

  bool operator==(const NetworkOptions&) const = default;
};

/// The deterministic policy mu(s).
struct ActorOptions : NetworkOptions {
  /// Updates between the actor's steps, >= 1; the critics take one at every update. 2 delays the policy as TD3 does.
  /// Paper: 1, algorithm 1.
  std::int64_t period = 1;
  /// What the actor climbs of several critics. Without effect on one; min not with critic.batch_norm, which ties the
  /// rows of a minibatch together. Fujimoto et al. 2018: first.
  Aggregate aggregate = Aggregate::first;
  /// Largest L2 norm of each transition's gradient of Q to the action, before it enters the actor. >= 0, 0: off.
  /// Paper: off; D4PG's published code: 1.
  double action_gradient_clip = 0;
  /// Behaviour cloning: the actor goes down -alpha mean Q / mean |Q| + mean (mu(s) - a)^2, with this alpha, >= 0, 0:
  /// off. For learning from data, whose actions it stays near; smaller: nearer. Fujimoto and Gu 2021 (TD3+BC,
  /// arXiv:2106.06860): 2.5.
  double cloning_alpha = 0;
  /// Strength lambda of a penalty lambda * mean u^2 in the actor's loss, of its actions in [-1, 1], >= 0. Keeps actions
  /// from the bounds, where tanh passes no gradient. Paper: 0; OpenAI Baselines' HER: 1.
  double action_l2 = 0;

  bool operator==(const ActorOptions&) const = default;
};

/// The action-value function Q(s, a).
struct CriticOptions : NetworkOptions {
  /// The layer whose input the action joins, counted from 1; 1 puts it beside the observation, and hidden.size() + 1 at
  /// the output layer. Paper: 2, section 7.
  int action_layer = 1;
  /// Strength lambda of the L2 penalty lambda / 2 * sum(w^2) in the loss, over weight matrices, not biases or
  /// normalisation. >= 0. Paper: 1e-2, section 7.
  double l2 = 0;
  /// How many critics are learnt, from the same minibatches but other initial weights, 1 to 64. 2 with
  /// aggregate = min is clipped double Q-learning, which keeps values from being overestimated. Paper: 1.
  int count = 1;
  /// What a target takes of several target critics. Without effect on one. Fujimoto et al. 2018: min, of two.
  Aggregate aggregate = Aggregate::min;
  /// What a critic says, and which loss it has. huber: where single errors of many times the usual size unsettle
  /// learning. categorical: not Q alone but how it is distributed (Bellemare et al. 2017, C51). two_hot: Q alone, by
  /// the cross-entropy, which no scale of y unsettles (Farebrother et al. 2024, arXiv:2403.03950). Paper: mse, eq. 4.
  Head head = Head::mse;
  /// Of categorical and two_hot: how many values, 2 to 1,000, evenly from v_min to v_max. Bellemare et al. 2017: 51.
  int atoms = 51;
  /// Of both: the values at the ends, v_min < v_max, in the unit of the rewards that are learnt from. What lies
  /// beyond counts as the end, so that they must span all returns. Barth-Maron et al. 2018 (D4PG): by task.
  double v_min = -150;
  double v_max = 150;

  bool operator==(const CriticOptions&) const = default;
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
