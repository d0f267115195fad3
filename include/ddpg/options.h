// Every choice of a training, as plain structs. Each option states what it does, its unit, range, default and source.
// "Paper" is Lillicrap et al. 2015, "Continuous control with deep reinforcement learning", arXiv:1509.02971.
// The defaults here are the `default` preset; presets() lists the others (docs/presets.md says where each value comes
// from).
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "ddpg/environment.h"
#include "ddpg/network_options.h"
#include "ddpg/scheduled.h"

namespace ddpg {

/// Process of the exploration noise. own: one that the program registered (ddpg/noise.h).
enum class Noise { none, gaussian, ornstein_uhlenbeck, own };

/// On which object test episodes are played.
enum class EvaluateOn {
  own,      ///< one of their own, so that they leave the training's as it is
  training  ///< the first that is trained on, between two of its episodes: for a world that there is once only
};

/// What happens when a step of the environment throws, or does not come back within step_timeout.
enum class OnBreakdown {
  stop,        ///< the training ends
  end_episode  ///< the episode ends, as truncated, with the step before; counted as Progress::breakdowns
};

/// How transitions are drawn from the replay buffer.
enum class Priority { uniform, lap, per, fade };

/// Which transitions a minibatch holds.
struct ReplayOptions {
  /// uniform: all alike. lap: in proportion to max(|Q(s, a) - y|, floor)^alpha (Fujimoto et al. 2020), so that more is
  /// learnt from what the critics are wrong about; it takes 16 bytes more of each transition. per: in proportion to
  /// (|Q(s, a) - y| + epsilon)^alpha, and weighed so much less in the critics' loss (Schaul et al. 2016). fade: as lap,
  /// times max(decay^age, decay_floor), so that what is new counts more (DR.Q, arXiv:2605.11711). Paper: uniform.
  Priority priority = Priority::uniform;
  /// Of lap, per and fade, [0, 1]: the exponent; 0 makes all errors alike. Fujimoto et al. 2020 and 2023: 0.4; Schaul
  /// et al. 2016: 0.6.
  double alpha = 0.4;
  double floor = 1;       ///< of lap and fade, > 0: smaller errors count as this. Fujimoto et al. 2020 and 2023: 1
  double epsilon = 1e-6;  ///< of per, > 0: added to the size of the error. OpenAI Baselines: 1e-6
  /// Of per, [0, 1]: a row's weight is (smallest priority in the minibatch / its own)^beta; 1 takes all bias away. A
  /// number or a schedule. Schaul et al. 2016: from 0.4, rising to 1 by the end.
  Scheduled beta = 0.4;
  /// Of lap and fade: at the copies of hard_update_interval the priority of new transitions becomes the largest that is
  /// stored, and not the largest that there ever was. TD7's published code: true; Fujimoto et al. 2020: false.
  bool renew_largest = false;
  /// Hindsight (Andrychowicz et al. 2017, strategy "future"): beside each row with the goal that was asked for, so many
  /// rows on average with a goal that their episode reached later, >= 0; 0: off. Where a goal is seldom reached by
  /// chance, every episode still shows how to reach one. Needs n_step = 1 and a task with goals (Specification::goals).
  /// Paper: off; Andrychowicz et al. 2017: 4.
  double hindsight = 0;
  double decay = 0.9999;     ///< of fade, (0, 1]: the factor for each transition stored after it. DR.Q: 0.9999
  double decay_floor = 0.1;  ///< of fade, (0, 1]: the least that these factors come to. DR.Q: 0.1

  bool operator==(const ReplayOptions&) const = default;
};

/// The targets: y, what a critic learns, and the networks that it is made with.
struct TargetOptions {
  /// Standard deviation of the Gaussian noise added to mu'(s') in y, in half-ranges of the action, >= 0; the sum is cut
  /// to the bounds. Values of similar actions become similar, and narrow peaks of the critic are not trusted.
  /// Paper: none; Fujimoto et al. 2018: 0.2.
  double noise = 0;
  /// That noise is cut to plus and minus this, >= 0, 0: off. Fujimoto et al. 2018: 0.5.
  double noise_clip = 0;
  /// Updates between the soft updates of the targets, >= 1. Not with hard_update_interval, which says when itself.
  /// Paper: 1, algorithm 1; Fujimoto et al. 2018: 2, together with the actor's steps.
  std::int64_t period = 1;
  /// Cut what target critics say to the range of all y that were seen up to the targets' last copy, so that what they
  /// say of actions unseen cannot run away; 0 before the first copy. Needs hard_update_interval. Paper: off; Fujimoto
  /// et al. 2023 (TD7): on.
  bool clip_to_seen_range = false;
  /// y is cut to this range, lowest < highest, in the unit of the rewards that are learnt from: where it is known that
  /// no return lies beyond. Paper: none; Andrychowicz et al. 2017: -1 / (1 - gamma) to 0, for rewards of -1 and 0.
  double lowest = -std::numeric_limits<double>::infinity();
  double highest = std::numeric_limits<double>::infinity();

  bool operator==(const TargetOptions&) const = default;
};

/// Assessments (TD7, section 4.3): a policy plays whole episodes unchanged. When the worst of them is no worse than
/// that of the best policy so far, it is the best: what is evaluated, saved and deployed, which then does not swing
/// with the last updates. After that come the updates due for the steps played; nothing is learnt during an episode.
struct AssessmentOptions {
  /// The most episodes that a policy is assessed by, fewer where one is worse than the best policy's, 0: off. Needs one
  /// environment, whose episodes end. Paper: off; TD7: 20.
  int episodes = 0;
  int early_episodes = 1;                ///< the same during the first early_updates, >= 1. TD7: 1
  std::int64_t early_updates = 750'000;  ///< updates before the switch, >= 0. TD7: 750,000
  double reset_weight = 0.9;             ///< factor of the best policy's worst return at the switch, [0, 1]. TD7: 0.9

  bool operator==(const AssessmentOptions&) const = default;
};

/// Adam (Kingma and Ba 2015, algorithm 1).
struct AdamOptions {
  double beta1 = 0.9;     ///< decay of the first moment, [0, 1)
  double beta2 = 0.999;   ///< decay of the second moment, [0, 1)
  double epsilon = 1e-8;  ///< added to the square root of the corrected second moment, >= 1e-16

  bool operator==(const AdamOptions&) const = default;
};

/// Noise added to the action while training; none is added in evaluation. Units: the half-range of each action
/// dimension.
struct ExplorationOptions {
  Noise noise = Noise::gaussian;  ///< Paper: Ornstein-Uhlenbeck, section 7
  Scheduled sigma = 0.1;          ///< scale of the noise, >= 0. Paper: 0.2 (Ornstein-Uhlenbeck)
  double theta = 0.15;            ///< pull of Ornstein-Uhlenbeck towards 0 per unit of time, >= 0. Paper: 0.15
  double dt = 1.0;           ///< time step of Ornstein-Uhlenbeck, > 0. Paper: not given; docs/algorithm.md says why 1
  double sigma_final = 0.1;  ///< sigma at the end of the linear schedule, >= 0
  std::int64_t decay_steps = 0;  ///< environment steps over which sigma goes to sigma_final; 0: no schedule
  /// Multiples of sigma, >= 0, one for each dimension of the action: joints that must not be shaken alike. Empty: 1 of
  /// all.
  std::vector<double> sigma_each{};
  std::string process{};  ///< with noise = own: the name it was registered by
  /// Chance of a uniformly random action in place of mu(s) + N, [0, 1]. Paper: 0; Andrychowicz et al. 2017: 0.2.
  double random_chance = 0;
  /// With many environments, or players: the last one's sigma over the first one's, >= 1. Those between are in equal
  /// ratios, with sigma in their middle. 1: sigma in all.
  double sigma_ladder = 1;

  bool operator==(const ExplorationOptions&) const = default;
};

/// When a training ends before its last step. Each is off by default; whichever is met first ends it, as finished.
struct StopOptions {
  /// A test's mean return at least this high. Infinite: off.
  double at_return = std::numeric_limits<double>::infinity();
  /// Environment steps without a test better than all before, looked at after each test, >= 0; 0: off.
  std::int64_t no_progress_for = 0;
  /// Seconds that the run has trained, all its parts together, looked at after each round, >= 0; 0: off. Where it ends
  /// depends on the machine.
  double after = 0;

  bool operator==(const StopOptions&) const = default;
};

/// Everything that decides a training, and with the version of ddpg its result to the bit (`threads` does not).
struct Options {
  std::string environment;  ///< name of the task
  EnvironmentSettings env;  ///< its constructor options
  std::string preset =
      "default";           ///< the preset these options started from; naming another in TOML starts from that one
  std::uint64_t seed = 0;  ///< root of all random streams, at most 2^63 - 1 (the largest integer of TOML)
  std::int64_t steps = 0;  ///< environment steps to train, 0 to 1e15; 0: the task's suggested number
  int threads = 1;         ///< threads of computation, 1 to 256; changes the speed, never a result
  /// Copies of the environment, stepped together, 1 to 4,096 and at most replay_capacity. Each has its own random
  /// stream and its own noise, so that the result depends on their number, but not on `threads`. What counts
  /// environment steps counts single ones, so that the amount of learning is the same for any number. Paper: 1.
  int environments = 1;
  /// Do the updates while the environments step, on threads beside those of `threads`: as many again, at most one for
  /// each copy. Changes the result, in the same way each time: an action is chosen by the weights from before the
  /// updates of one round (one step in each copy) more than without. Minibatches hold the same transitions. Paper:
  /// false.
  bool overlap = false;

  /// What the training starts from. The files are read once, before the first step; what was taken of them is in the
  /// first checkpoint, so that a resumed training does not need them. docs/data.md.
  /// A policy file, whose actor and normaliser are taken; "": none. Sizes, bounds and the shape of the network must be
  /// the same. The critic begins anew.
  std::string initial_policy;
  /// The folder of a run, or a checkpoint in it, whose networks, targets, moments of Adam and normalisers are taken;
  /// "": none. Sizes and the shapes of the networks must be the same; task, reward and everything else may differ.
  std::string initial_run;
  bool keep_replay = false;          ///< take the transitions of initial_run too, with the rewards that they have there
  std::vector<std::string> data;     ///< logs, data sets and runs whose transitions are stored (ddpg/data.h)
  std::int64_t offline_updates = 0;  ///< updates on these transitions before the first step, >= 0. Paper: 0

  double discount = 0.99;  ///< gamma, [0, 1]. Paper: 0.99, section 7
  /// Steps whose rewards y sums before it takes Q' for the rest, 1 to 1,000; fewer where the episode ends, or has not
  /// been played on yet. Rewards reach earlier steps sooner; but those of steps after the first come from older
  /// policies, which nothing corrects. Paper: 1; Barth-Maron et al. 2018 (D4PG): 5.
  int n_step = 1;
  Scheduled tau = 0.005;  ///< soft update rate of the targets, [0, 1]; a number or a schedule. Paper: 1e-3, section 7
  std::int64_t hard_update_interval =
      0;  ///< > 0: copy the networks to the targets every so many updates instead of averaging. Paper: 0
  /// With batch_norm: true lets the targets normalise s' by the running statistics, copies of the online network's;
  /// false by the minibatch's own. Paper: false, section 3 keeps running averages for exploration and evaluation.
  bool targets_use_running_statistics = false;
  int batch_size = 128;                      ///< transitions in a minibatch, >= 1 (>= 2 with batch_norm). Paper: 64
  std::int64_t replay_capacity = 1'000'000;  ///< transitions kept, batch_size to 1e9. Paper: 1e6
  std::int64_t warmup_steps = 1'000;         ///< first steps, with uniformly random actions, >= 0. Paper: 0
  std::int64_t learning_starts =
      1'000;  ///< environment steps before the first update, >= 0; at least batch_size are always awaited
  /// Updates for each environment step, (0, 1000], above or below one; a number or a schedule. Paper: 1
  Scheduled updates_per_step = 1.0;
  std::int64_t update_interval = 1;     ///< do the updates in bursts, every so many environment steps, >= 1. Paper: 1
  bool normalise_observations = false;  ///< by running mean and standard deviation, frozen in evaluation. Paper: off
  double observation_clip = 5.0;        ///< normalised observations are cut to +- this, > 0
  /// Divide the rewards that are learnt from by the running standard deviation of the discounted return. Returns and
  /// values are still reported in the environment's unit. Paper: off
  bool normalise_rewards = false;

  std::int64_t evaluation_interval = 1'000;  ///< environment steps between evaluations; 0: only at start and end
  int evaluation_episodes = 10;  ///< episodes of each evaluation, without noise, >= 0; 0: no evaluation at all
  /// training: a test that is due waits until an episode has ended; for simulators and robots that there are once only.
  EvaluateOn evaluate_on = EvaluateOn::own;
  OnBreakdown on_breakdown = OnBreakdown::stop;  ///< what a step that throws or hangs ends
  std::int64_t log_interval = 1'000;             ///< environment steps between progress rows, >= 1
  std::int64_t checkpoint_interval = 10'000;     ///< environment steps between checkpoints; 0: only at the end
  double step_timeout = 0;   ///< seconds after which a step of the environment counts as hung, >= 0; 0: never
  int checkpoints_kept = 2;  ///< checkpoints that stay, the newest, [1, 1000]
  /// false: checkpoints leave the replay buffer out, which makes them small. What is resumed then is no longer the same
  /// training to the bit: it fills the buffer for learning_starts steps before it learns on.
  bool checkpoint_replay = true;
  /// What was changed in the middle, in the order of the steps: "50000 tau=0.001" holds from environment step 50,000
  /// on. `ddpg resume --set` and `--change` add to it; a training with the same list comes to the same bits.
  std::vector<std::string> changes;

  AdamOptions adam;
  ActorOptions actor;
  CriticOptions critic;
  EncoderOptions encoder;
  TargetOptions target;
  ReplayOptions replay;
  AssessmentOptions assessment;
  ExplorationOptions exploration;
  StopOptions stop;

  bool operator==(const Options&) const = default;
};

/// A named, sourced set of options.
struct Preset {
  std::string name;
  std::string source;  ///< where its values come from
  Options options;
};

/// All presets; `default` first.
const std::vector<Preset>& presets();
/// The options of the preset of that name; throws UsageError naming the nearest.
const Preset& find_preset(std::string_view name);

/// Everything wrong with `options`, one message each, naming the key, the value and the constraint; empty when they can
/// be trained.
std::vector<std::string> violations(const Options& options);
/// Throws UsageError with all violations.
void validate(const Options& options);

/// The options as TOML, each with its meaning; apply_toml() makes the same options of it, to the bit.
std::string to_toml(const Options& options);
/// Lays the TOML text over `options`; a `preset` that differs from theirs is laid first, whatever its place in the
/// text. `where` (a file name) is named in errors. Throws UsageError with line and column for everything that is wrong,
/// and leaves `options` as they were.
void apply_toml(Options& options, std::string_view text, std::string_view where);
/// Sets one option: key "exploration.sigma", value "0.2"; any option but `preset`, which comes before all others.
/// Throws UsageError naming the nearest keys, or the type expected.
void set_option(Options& options, std::string_view key, std::string_view value);

}  // namespace ddpg
