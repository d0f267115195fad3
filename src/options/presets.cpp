// The presets: sets of options with a source. Every value that a source decides is written out here, even where it
// equals the default, so that a change of a default changes no preset. docs/presets.md names where ddpg and the source
// differ.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ddpg/error.h"
#include "ddpg/options.h"
#include "support/suggest.h"

namespace ddpg {
namespace {

Preset default_preset() {
  Preset preset;
  preset.name = "default";
  preset.source = "chosen by measurement on the tasks of ddpg, docs/results.md";
  return preset;
}

// What the published sets of plain DDPG have in common. "TD3 paper" is Fujimoto et al. 2018.
Options published() {
  Options options;
  options.discount = 0.99;                         // paper, section 7; TD3 paper, appendix C; Spinning Up: gamma
  options.hard_update_interval = 0;                // all average
  options.targets_use_running_statistics = false;  // paper, section 3; without effect on the others
  options.replay_capacity = 1'000'000;  // paper, section 7; TD3 paper: all of its 1e6 steps; Spinning Up: replay_size
  options.updates_per_step = 1;         // paper, algorithm 1; TD3 paper, appendix C; Spinning Up: ratio locked to 1
  options.update_interval = 1;          // paper, algorithm 1; TD3 paper: after each time step
  options.normalise_observations = false;  // none has running statistics outside the networks
  options.observation_clip = 5;            // without effect
  options.normalise_rewards = false;       // none has it
  options.adam = {0.9, 0.999, 1e-8};       // Kingma and Ba 2015; none says otherwise
  for (NetworkOptions* network :
       {static_cast<NetworkOptions*>(&options.actor), static_cast<NetworkOptions*>(&options.critic)}) {
    network->activation = Activation::relu;  // paper, section 7; TD3 paper, appendix C; Spinning Up: core.py
    network->batch_norm = false;             // TD3 paper and Spinning Up: off
    network->layer_norm = false;             // none has it
    network->gradient_clip = 0;              // none has it
  }
  options.actor.period = 1;                                     // paper, algorithm 1; none delays it
  options.actor.aggregate = Aggregate::first;                   // without effect on one critic
  options.critic.count = 1;                                     // paper, algorithm 1; none has more
  options.critic.aggregate = Aggregate::min;                    // without effect on one critic
  options.target = {.noise = 0, .noise_clip = 0, .period = 1};  // paper, algorithm 1; none has noise or a delay
  options.exploration.theta = 0.15;                             // paper, section 7; without effect on Gaussian noise
  options.exploration.dt = 1;           // the paper does not give it; docs/algorithm.md says why 1
  options.exploration.decay_steps = 0;  // none has a schedule
  return options;
}

// Lillicrap et al. 2015, arXiv:1509.02971, the low-dimensional networks.
Preset lillicrap2015() {
  Options options = published();
  options.preset = "lillicrap2015";
  options.tau = 1e-3;           // section 7
  options.batch_size = 64;      // section 7
  options.warmup_steps = 0;     // algorithm 1: the policy with noise acts from the first step
  options.learning_starts = 0;  // algorithm 1: as soon as a minibatch is there
  for (NetworkOptions* network :
       {static_cast<NetworkOptions*>(&options.actor), static_cast<NetworkOptions*>(&options.critic)}) {
    network->hidden = {400, 300};  // section 7
    network->batch_norm = true;    // section 3
    network->final_init = 3e-3;    // section 7
  }
  options.actor.learning_rate = 1e-4;                     // section 7
  options.critic.learning_rate = 1e-3;                    // section 7
  options.critic.action_layer = 2;                        // section 7: "not included until the 2nd hidden layer"
  options.critic.l2 = 1e-2;                               // section 7
  options.exploration.noise = Noise::ornstein_uhlenbeck;  // section 7
  options.exploration.sigma = 0.2;                        // section 7
  options.exploration.sigma_final = 0.2;                  // no schedule
  return {options.preset, "Lillicrap et al. 2015, arXiv:1509.02971, sections 3 and 7", options};
}

// What "our DDPG" and Spinning Up share: Spinning Up follows the TD3 paper but for sizes and start.
Options retuned() {
  Options options = published();
  options.tau = 5e-3;                   // TD3 paper, appendix C; Spinning Up: polyak 0.995
  options.batch_size = 100;             // TD3 paper, appendix C; Spinning Up: batch_size
  options.warmup_steps = 10'000;        // TD3 paper, section 6.1 (1,000 on short tasks); Spinning Up: start_steps
  options.actor.learning_rate = 1e-3;   // TD3 paper, appendix C; Spinning Up: pi_lr
  options.critic.learning_rate = 1e-3;  // TD3 paper, appendix C; Spinning Up: q_lr
  options.actor.final_init = 0;         // both: PyTorch's own initialisation, 1/sqrt(fan-in)
  options.critic.final_init = 0;        // the same
  options.critic.action_layer = 1;      // TD3 paper, appendix C; Spinning Up: core.py
  options.critic.l2 = 0;                // TD3 paper, appendix C: none; Spinning Up: none
  options.exploration.noise = Noise::gaussian;  // TD3 paper, appendix C; Spinning Up: act_noise
  options.exploration.sigma = 0.1;              // TD3 paper, appendix C; Spinning Up: act_noise
  options.exploration.sigma_final = 0.1;        // no schedule
  return options;
}

// Fujimoto et al. 2018, arXiv:1802.09477: the re-tuned DDPG that they call "our DDPG", and AHE in the ablation.
Preset our_ddpg() {
  Options options = retuned();
  options.preset = "our-ddpg";
  options.actor.hidden = {400, 300};   // appendix C
  options.critic.hidden = {400, 300};  // appendix C
  options.learning_starts = 10'000;    // not in the paper; the authors' later code: after the random steps
  return {options.preset, "\"our DDPG\" (AHE) of Fujimoto et al. 2018, arXiv:1802.09477, section 6.1 and appendix C",
          options};
}

// What TD3 adds to "our DDPG": TD3 paper, section 5 and algorithm 1; the authors' code has the same numbers.
void add_td3(Options& options) {
  options.critic.count = 2;                    // section 4.2: clipped double Q-learning
  options.critic.aggregate = Aggregate::min;   // the same
  options.target.noise = 0.2;                  // section 6.1: epsilon ~ clip(N(0, 0.2), -0.5, 0.5)
  options.target.noise_clip = 0.5;             // the same
  options.actor.aggregate = Aggregate::first;  // algorithm 1: Q of theta_1
  options.actor.period = 2;                    // section 6.1: d = 2
  options.target.period = 2;                   // algorithm 1: all targets follow when the actor has taken a step
}

// The paper's own: "our DDPG" with the three additions.
Preset td3() {
  Options options = our_ddpg().options;
  options.preset = "td3";
  add_td3(options);
  return {options.preset, "TD3 of Fujimoto et al. 2018, arXiv:1802.09477, sections 5 and 6.1, appendix C", options};
}

// https://github.com/sfujim/TD3 as it has been since 2019: TD3.py, main.py. The paper's results are of older code.
Preset td3_repository() {
  Options options = retuned();
  options.preset = "td3-2018-repo";
  add_td3(options);
  options.actor.hidden = {256, 256};    // TD3.py: Actor
  options.critic.hidden = {256, 256};   // TD3.py: Critic
  options.actor.learning_rate = 3e-4;   // TD3.py: actor_optimizer
  options.critic.learning_rate = 3e-4;  // TD3.py: critic_optimizer
  options.batch_size = 256;             // main.py: batch_size
  options.warmup_steps = 25'000;        // main.py: start_timesteps
  options.learning_starts = 25'000;     // main.py: trains after start_timesteps
  return {options.preset, "the authors' TD3, https://github.com/sfujim/TD3, TD3.py and main.py, their defaults",
          options};
}

// OpenAI Spinning Up, spinup/algos/pytorch/ddpg/ddpg.py.
Preset spinningup() {
  Options options = retuned();
  options.preset = "spinningup";
  options.actor.hidden = {256, 256};   // core.py: hidden_sizes
  options.critic.hidden = {256, 256};  // the same
  options.learning_starts = 1'000;     // update_after
  options.update_interval = 50;        // update_every
  return {options.preset, "OpenAI Spinning Up, spinup/algos/pytorch/ddpg, the defaults of ddpg()", options};
}

}  // namespace

const std::vector<Preset>& presets() {
  static const std::vector<Preset> all = {default_preset(), lillicrap2015(), our_ddpg(),
                                          spinningup(),     td3(),           td3_repository()};
  return all;
}

const Preset& find_preset(std::string_view name) {
  std::vector<std::string> names;
  for (const Preset& preset : presets()) {
    if (preset.name == name) return preset;
    names.push_back(preset.name);
  }
  throw UsageError(
      fmt::format("unknown preset \"{}\".{} There are {}.", name, did_you_mean(name, names), fmt::join(names, ", ")));
}

}  // namespace ddpg
