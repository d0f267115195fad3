// The rows of the table, in the order of ddpg/options.h. How they are looked up: option_lookup.cpp.
#include "options/option_table.h"

#include <fmt/format.h>

#include <utility>

#include "agent/replay.h"
#include "options/option_row.h"

namespace ddpg {
namespace {

using Table = std::vector<OptionEntry>;

void add_run(Table& table) {
  table.push_back(row("environment", kNoRange, "Name of the task.", "", &Options::environment));
  table.push_back(row("preset", kNoRange, "The preset that the other options start from.", "", &Options::preset));
  for (OptionEntry& entry : table) entry.scope = Scope::task;
  table.push_back(row("seed", kNoRange, "Root of all random streams.", "", &Options::seed));
  table.back().range = "in [0, 2^63 - 1]";
  table.back().scope = Scope::seed;
  table.push_back(row("steps", between(0, 1e15), "Environment steps to train; 0: the number that the task suggests.",
                      "", &Options::steps));
  table.back().scope = Scope::length;
  table.push_back(row("threads", between(1, 256), "Threads of computation; changes the speed, never a result.", "",
                      &Options::threads));
  table.back().scope = Scope::execution;
  table.push_back(row("environments", between(1, 4096),
                      "Copies of the environment that are stepped together; all intervals count single steps.",
                      "Paper: 1.", &Options::environments));
  table.push_back(row("overlap", kNoRange,
                      "Do the updates while the environments step, so that actions come from weights one round older.",
                      "Paper: false.", &Options::overlap));
}

void add_start(Table& table) {
  const auto first = static_cast<std::ptrdiff_t>(table.size());
  table.push_back(row("initial_policy", kNoRange,
                      "Policy file to start from: its actor and its normaliser; \"\": random weights.", "",
                      &Options::initial_policy));
  table.push_back(row("initial_run", kNoRange,
                      "Run to start from, its folder or a checkpoint: its networks, targets, moments of Adam and "
                      "normalisers; \"\": none.",
                      "", &Options::initial_run));
  table.push_back(row("keep_replay", kNoRange,
                      "Take the transitions of initial_run too, with the rewards that they have there.", "",
                      &Options::keep_replay));
  table.push_back(row("data", kNoRange,
                      "Logs (.csv), data sets (.npz) and runs whose transitions are stored before the first step.", "",
                      &Options::data));
  table.push_back(row("offline_updates", at_least(0),
                      "Updates before the first step, on the data that it starts from (data, keep_replay).",
                      "Paper: 0.", &Options::offline_updates));
  for (auto entry = table.begin() + first; entry != table.end(); ++entry) entry->scope = Scope::start;
}

void add_algorithm(Table& table) {
  table.push_back(in_the_middle(
      row("discount", between(0, 1), "Discount factor gamma.", "Paper: 0.99, section 7.", &Options::discount)));
  table.push_back(
      in_the_middle(row("n_step", between(1, 1000),
                        "Steps whose rewards y sums before it takes Q' for the rest; fewer where the episode ends.",
                        "Paper: 1. D4PG: 5.", &Options::n_step)));
  table.push_back(in_the_middle(row("tau", between(0, 1), "Soft update rate of the targets; a number or a schedule.",
                                    "Paper: 1e-3, section 7.", &Options::tau)));
  table.push_back(row("hard_update_interval", at_least(0),
                      "Updates between hard copies of the networks to the targets, in place of averaging; 0: average.",
                      "Paper: 0.", &Options::hard_update_interval));
  table.push_back(row("targets_use_running_statistics", kNoRange,
                      "With batch_norm: the targets normalise by the running statistics, not by the minibatch's own.",
                      "Paper: false, section 3.", &Options::targets_use_running_statistics));
  table.push_back(in_the_middle(
      row("batch_size", at_least(1), "Transitions in a minibatch.", "Paper: 64, section 7.", &Options::batch_size)));
  table.push_back(in_the_middle(row("replay_capacity", between(1, Replay::kMostCapacity),
                                    "Transitions that the replay buffer keeps.", "Paper: 1e6, section 7.",
                                    &Options::replay_capacity)));
  table.push_back(row("warmup_steps", at_least(0), "Environment steps with uniformly random actions at the start.",
                      "Paper: 0.", &Options::warmup_steps));
  table.push_back(in_the_middle(row("learning_starts", at_least(0),
                                    "Environment steps before the first update; batch_size of them are always awaited.",
                                    "Paper: 0.", &Options::learning_starts)));
  table.push_back(in_the_middle(row("updates_per_step", up_to(0, 1000),
                                    "Updates for each environment step, above or below one; a number or a schedule.",
                                    "Paper: 1, algorithm 1.", &Options::updates_per_step)));
  table.push_back(
      in_the_middle(row("update_interval", at_least(1),
                        "Environment steps between bursts of updates; the number of updates stays the same.",
                        "Paper: 1, algorithm 1.", &Options::update_interval)));
  table.push_back(row("normalise_observations", kNoRange,
                      "Normalise observations by their running mean and standard deviation, frozen in evaluation.",
                      "Paper: false.", &Options::normalise_observations));
  table.push_back(
      in_the_middle(row("observation_clip", above(0), "Normalised observations are cut to plus and minus this.", "",
                        &Options::observation_clip)));
  table.push_back(row("normalise_rewards", kNoRange,
                      "Divide the rewards that are learnt from by the running standard deviation of the discounted "
                      "return; returns and values are reported in the environment's unit.",
                      "Paper: false.", &Options::normalise_rewards));
}

void add_reporting(Table& table) {
  table.push_back(row("evaluation_interval", at_least(0),
                      "Environment steps between evaluations; 0: only at the start and the end.", "",
                      &Options::evaluation_interval));
  table.back().scope = Scope::record;
  table.push_back(row("evaluation_episodes", at_least(0),
                      "Episodes of each evaluation, played without noise; 0: no evaluation.", "",
                      &Options::evaluation_episodes));
  table.back().scope = Scope::record;
  table.push_back(in_the_middle(
      row("evaluate_on", kNoRange,
          "Test episodes on an environment of their own, or on the one that is trained on, between two of "
          "its episodes.",
          "", &Options::evaluate_on)));
  table.back().scope = Scope::task;
  table.push_back(in_the_middle(
      row("on_breakdown", kNoRange,
          "What a step that throws or hangs ends: the training, or its episode, which is cut and counted.", "",
          &Options::on_breakdown)));
  table.back().scope = Scope::task;
  table.push_back(
      row("log_interval", at_least(1), "Environment steps between rows of progress.", "", &Options::log_interval));
  table.back().scope = Scope::record;
  table.push_back(row("checkpoint_interval", at_least(0), "Environment steps between checkpoints; 0: only at the end.",
                      "", &Options::checkpoint_interval));
  table.back().scope = Scope::execution;
  table.push_back(row("step_timeout", at_least(0),
                      "Seconds after which a step of the environment counts as hung and ends the training; 0: never.",
                      "", &Options::step_timeout));
  table.back().scope = Scope::execution;
  table.push_back(
      row("checkpoints_kept", between(1, 1000), "Checkpoints that stay, the newest.", "", &Options::checkpoints_kept));
  table.back().scope = Scope::execution;
  table.push_back(row("checkpoint_replay", kNoRange,
                      "Keep the replay buffer in checkpoints; without it a resumed run fills it anew for "
                      "learning_starts steps before it learns on.",
                      "", &Options::checkpoint_replay));
  table.back().scope = Scope::execution;
  table.push_back(
      row("changes", kNoRange,
          "What was changed in the middle, as \"STEP KEY=VALUE\" in the order of the steps; resume --set and "
          "--change add to it.",
          "", &Options::changes));
  table.back().scope = Scope::history;
}

void add_adam(Table& table) {
  const auto adam = &Options::adam;
  table.push_back(row("adam.beta1", below(0, 1), "Decay of the first moment.", "Kingma and Ba 2015: 0.9.", adam,
                      &AdamOptions::beta1));
  table.push_back(row("adam.beta2", below(0, 1), "Decay of the second moment.", "Kingma and Ba 2015: 0.999.", adam,
                      &AdamOptions::beta2));
  table.push_back(
      in_the_middle(row("adam.epsilon", at_least(1e-16),
                        "Added to the square root of the corrected second moment. At 0 a gradient of 0 would give NaN, "
                        "and near 0 a tiny one would move a weight far.",
                        "Kingma and Ba 2015: 1e-8.", adam, &AdamOptions::epsilon)));
}

void add_target(Table& table) {
  const auto target = &Options::target;
  table.push_back(in_the_middle(
      row("target.noise", at_least(0),
          "Standard deviation of the Gaussian noise on mu'(s') in y, in half-ranges of the action; 0: none.",
          "Paper: none. TD3: 0.2.", target, &TargetOptions::noise)));
  table.push_back(
      in_the_middle(row("target.noise_clip", at_least(0), "That noise is cut to plus and minus this; 0: off.",
                        "TD3: 0.5.", target, &TargetOptions::noise_clip)));
  table.push_back(in_the_middle(row("target.period", at_least(1),
                                    "Updates between the soft updates of the targets; not with hard_update_interval.",
                                    "Paper: 1, algorithm 1. TD3: 2.", target, &TargetOptions::period)));
  table.push_back(row("target.clip_to_seen_range", kNoRange,
                      "Cut target critics to the range of all y up to the targets' last copy; needs "
                      "hard_update_interval.",
                      "Paper: false. TD7: true.", target, &TargetOptions::clip_to_seen_range));
  table.push_back(in_the_middle(row("target.lowest", kAnyNumber, "y is cut to at least this; -inf: not.",
                                    "Paper: -inf. HER: -1 / (1 - gamma).", target, &TargetOptions::lowest)));
  table.push_back(
      in_the_middle(row("target.highest", kAnyNumber, "y is cut to at most this, above target.lowest; inf: not.",
                        "Paper: inf. HER: 0.", target, &TargetOptions::highest)));
}

void add_replay(Table& table) {
  const auto replay = &Options::replay;
  table.push_back(
      row("replay.priority", kNoRange,
          "How transitions are drawn: all alike; lap: by max(|Q(s, a) - y|, floor)^alpha; per: by (|Q(s, a) - y| + "
          "epsilon)^alpha, with weights in the critics' loss; fade: as lap, times a factor that falls with age.",
          "Paper: \"uniform\". TD7: \"lap\". Schaul et al. 2016: \"per\". DR.Q: \"fade\".", replay,
          &ReplayOptions::priority));
  table.push_back(row("replay.alpha", between(0, 1), "Of lap, per and fade: the exponent; 0 makes all errors alike.",
                      "LAP, TD7: 0.4. PER: 0.6.", replay, &ReplayOptions::alpha));
  table.push_back(row("replay.floor", above(0), "Of lap and fade: smaller errors count as this.", "LAP, TD7: 1.",
                      replay, &ReplayOptions::floor));
  table.push_back(row("replay.epsilon", above(0), "Of per: added to the size of the error.", "OpenAI Baselines: 1e-6.",
                      replay, &ReplayOptions::epsilon));
  table.push_back(in_the_middle(
      row("replay.beta", between(0, 1),
          "Of per: how far weights in the critics' loss make up for the drawing; 1: wholly; a number or a schedule.",
          "PER: from 0.4 to 1 by the end.", replay, &ReplayOptions::beta)));
  table.push_back(row("replay.renew_largest", kNoRange,
                      "Of lap and fade: at the targets' copies new transitions get the largest priority that is "
                      "stored, not the largest ever; needs hard_update_interval.",
                      "LAP: false. TD7's code: true.", replay, &ReplayOptions::renew_largest));
  table.push_back(row("replay.hindsight", at_least(0),
                      "Rows whose goal is one that their episode reached later, for each row with its own; 0: none; "
                      "needs a task with goals and n_step = 1.",
                      "Paper: 0. HER: 4.", replay, &ReplayOptions::hindsight));
  table.push_back(row("replay.decay", up_to(0, 1),
                      "Of fade: the factor falls to this share with each transition stored after it.", "DR.Q: 0.9999.",
                      replay, &ReplayOptions::decay));
  table.push_back(row("replay.decay_floor", up_to(0, 1), "Of fade: the factor falls no lower.", "DR.Q: 0.1.", replay,
                      &ReplayOptions::decay_floor));
}

void add_exploration(Table& table) {
  const auto exploration = &Options::exploration;
  const auto add = [&](std::string name, Range range, std::string meaning, std::string source, auto member) {
    table.push_back(
        in_the_middle(row("exploration." + name, range, std::move(meaning), std::move(source), exploration, member)));
  };
  add("noise", kNoRange, "Process of the noise added to actions in training.",
      "Paper: \"ornstein-uhlenbeck\", section 7.", &ExplorationOptions::noise);
  add("sigma", at_least(0), "Scale of the noise, in half-ranges of the action; a number or a schedule.",
      "Paper: 0.2, section 7.", &ExplorationOptions::sigma);
  add("theta", at_least(0), "Pull of Ornstein-Uhlenbeck towards 0 per unit of time.", "Paper: 0.15, section 7.",
      &ExplorationOptions::theta);
  add("dt", above(0), "Time step of Ornstein-Uhlenbeck.", "Paper: not given.", &ExplorationOptions::dt);
  add("sigma_final", at_least(0), "sigma at the end of the linear schedule.", "Paper: no schedule.",
      &ExplorationOptions::sigma_final);
  add("decay_steps", at_least(0), "Environment steps over which sigma goes to sigma_final; 0: no schedule.",
      "Paper: no schedule.", &ExplorationOptions::decay_steps);
  add("sigma_each", at_least(0), "Multiples of sigma, one for each dimension of the action; empty: 1 of all.",
      "Paper: none.", &ExplorationOptions::sigma_each);
  add("sigma_ladder", at_least(1),
      "Of many environments, or players: the last one's sigma over the first one's, those between in equal ratios and "
      "sigma in their middle.",
      "Paper: none. A ladder over actors: Horgan et al. 2018.", &ExplorationOptions::sigma_ladder);
  add("process", kNoRange, "With noise = own: the name by which the program registered it (ddpg/noise.h).", "",
      &ExplorationOptions::process);
  table.back().scope = Scope::task;
  add("random_chance", between(0, 1), "Chance of a uniformly random action in place of mu(s) with noise.",
      "Paper: 0. HER: 0.2.", &ExplorationOptions::random_chance);
}

void add_stop(Table& table) {
  const auto first = static_cast<std::ptrdiff_t>(table.size());
  const auto stop = &Options::stop;
  table.push_back(row("stop.at_return", kAnyNumber,
                      "End the training once a test's mean return is at least this; inf: off.", "", stop,
                      &StopOptions::at_return));
  table.push_back(row("stop.no_progress_for", at_least(0),
                      "End the training after so many environment steps without a test better than all before; 0: off.",
                      "", stop, &StopOptions::no_progress_for));
  table.push_back(row("stop.after", at_least(0),
                      "End the training once the run has trained for so many seconds, all its parts together; 0: off.",
                      "", stop, &StopOptions::after));
  for (auto entry = table.begin() + first; entry != table.end(); ++entry) entry->scope = Scope::length;
}

}  // namespace

std::vector<OptionEntry> make_option_table() {
  Table table;
  add_run(table);
  add_start(table);
  add_algorithm(table);
  add_reporting(table);
  add_adam(table);
  add_actor_rows(table);
  add_critic_rows(table);
  add_encoder_rows(table);
  add_target(table);
  add_replay(table);
  add_assessment_rows(table);
  add_exploration(table);
  add_stop(table);
  return table;
}

}  // namespace ddpg
