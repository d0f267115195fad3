// The rows of the actor and the critic. The table: option_table.cpp.
#include "options/option_row.h"

namespace ddpg {
namespace {

// The options that actor and critic share; they differ in the paper's learning rate and in where batch normalisation
// stands.
template <class Network>
void add_network(std::vector<OptionEntry>& table, const std::string& group, Network Options::*net,
                 const std::string& normalised, const std::string& learning_rate) {
  table.push_back(row(group + ".hidden", between(1, 65536),
                      "Widths of the hidden layers, first to last; with body = simba of its blocks, all alike.",
                      "Paper: [400, 300], section 7.", net, &NetworkOptions::hidden));
  table.push_back(row(group + ".activation", kNoRange, "Activation of the hidden layers.",
                      "Paper: \"relu\", section 7.", net, &NetworkOptions::activation));
  table.push_back(row(group + ".batch_norm", kNoRange,
                      "Batch normalisation of the observation and of " + normalised + ", before the activation.",
                      "Paper: true, section 3.", net, &NetworkOptions::batch_norm));
  table.push_back(row(group + ".layer_norm", kNoRange,
                      "Layer normalisation of every hidden layer, before the activation; not with batch_norm.",
                      "Paper: false.", net, &NetworkOptions::layer_norm));
  table.push_back(row(group + ".final_init", at_least(0),
                      "Half-width of the uniform initialisation of the output layer; 0: as init has it.",
                      "Paper: 3e-3, section 7.", net, &NetworkOptions::final_init));
  table.push_back(in_the_middle(row(group + ".learning_rate", above(0), "Step size of Adam; a number or a schedule.",
                                    learning_rate, net, &NetworkOptions::learning_rate)));
  table.push_back(in_the_middle(row(group + ".gradient_clip", at_least(0),
                                    "Largest L2 norm of the gradient; a longer one is scaled down to it; 0: off.",
                                    "Paper: 0.", net, &NetworkOptions::gradient_clip)));
  table.push_back(
      row(group + ".body", kNoRange,
          "A multilayer perceptron, SimBa's residual blocks with layer normalisation, or a perceptron whose first "
          "layer is normalised and has tanh, or is divided by its mean size.",
          "Paper: \"mlp\", section 7.", net, &NetworkOptions::body));
  table.push_back(
      row(group + ".init", kNoRange,
          "Initialisation: uniform by the fan-in, or first and last layer orthogonal and He's between, biases 0.",
          "Paper: \"fan-in\", section 7.", net, &NetworkOptions::init));
  table.push_back(in_the_middle(row(group + ".weight_decay", at_least(0),
                                    "Decay of all parameters beside Adam's step, as in AdamW, times the learning rate.",
                                    "Paper: 0.", net, &NetworkOptions::weight_decay)));
}

}  // namespace

void add_actor_rows(std::vector<OptionEntry>& table) {
  const auto actor = &Options::actor;
  add_network(table, "actor", actor, "all hidden layers", "Paper: 1e-4, section 7.");
  table.push_back(
      in_the_middle(row("actor.period", at_least(1), "Updates between the actor's steps; the critics step at each.",
                        "Paper: 1, algorithm 1. TD3: 2.", actor, &ActorOptions::period)));
  table.push_back(in_the_middle(
      row("actor.aggregate", kNoRange,
          "What the actor climbs of several critics; without effect on one; \"min\" not with critic.batch_norm.",
          "TD3: \"first\".", actor, &ActorOptions::aggregate)));
  table.push_back(in_the_middle(row("actor.action_gradient_clip", at_least(0),
                                    "Largest L2 norm of each transition's gradient of Q to the action; 0: off.",
                                    "Paper: 0. D4PG's code: 1.", actor, &ActorOptions::action_gradient_clip)));
  table.push_back(
      in_the_middle(row("actor.cloning_alpha", at_least(0),
                        "Behaviour cloning: the actor goes down -alpha mean Q / mean |Q| + mean (mu(s) - a)^2; 0: off.",
                        "Paper: 0. TD3+BC: 2.5.", actor, &ActorOptions::cloning_alpha)));
  table.push_back(in_the_middle(row("actor.action_l2", at_least(0),
                                    "Strength lambda of the penalty lambda mean u^2 on the actions in [-1, 1].",
                                    "Paper: 0. HER's code: 1.", actor, &ActorOptions::action_l2)));
}

void add_critic_rows(std::vector<OptionEntry>& table) {
  const auto critic = &Options::critic;
  add_network(table, "critic", critic, "the hidden layers before the action joins", "Paper: 1e-3, section 7.");
  table.push_back(
      row("critic.action_layer", between(1, 17),
          "Layer whose input the action joins; 1: beside the observation, one past the hidden layers: at the "
          "output layer.",
          "Paper: 2, section 7.", critic, &CriticOptions::action_layer));
  table.push_back(
      in_the_middle(row("critic.l2", at_least(0), "Strength lambda of the penalty lambda/2 sum w^2 on the weights.",
                        "Paper: 1e-2, section 7.", critic, &CriticOptions::l2)));
  table.push_back(row("critic.count", between(1, 64), "Critics, which differ in their initial weights.",
                      "Paper: 1. TD3: 2.", critic, &CriticOptions::count));
  table.push_back(in_the_middle(row("critic.aggregate", kNoRange,
                                    "What y takes of several target critics at each transition; without effect on one.",
                                    "TD3: \"min\".", critic, &CriticOptions::aggregate)));
  table.push_back(row("critic.head", kNoRange,
                      "What is minimised: the square of y - Q, Huber's loss of it, or, of a distribution over values, "
                      "the cross-entropy with the distribution of y (categorical) or with y itself (two-hot).",
                      "Paper: \"mse\", eq. 4. D4PG: \"categorical\".", critic, &CriticOptions::head));
  table.push_back(row("critic.atoms", between(2, 1000),
                      "Of categorical and two-hot: values, evenly from v_min to v_max.", "C51, D4PG: 51.", critic,
                      &CriticOptions::atoms));
  table.push_back(row("critic.v_min", between(-1e12, 1e12), "Of both: the lowest value; what lies below counts as it.",
                      "D4PG: by task.", critic, &CriticOptions::v_min));
  table.push_back(row("critic.v_max", between(-1e12, 1e12),
                      "Of both: the highest value, above v_min; what lies beyond counts as it.", "D4PG: by task.",
                      critic, &CriticOptions::v_max));
}

}  // namespace ddpg
