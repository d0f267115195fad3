// What a training reports while it runs. The library never prints; to see anything, implement an Observer.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "ddpg/options.h"
#include "ddpg/policy.h"

namespace ddpg {

inline constexpr double kNotMeasured = std::numeric_limits<double>::quiet_NaN();

/// One test episode.
struct EpisodeResult {
  double episode_return = 0;
  std::int64_t length = 0;        ///< steps
  bool terminated = false;        ///< in a terminal state; else it was cut
  std::vector<double> metrics{};  ///< means over its steps, in the order of Specification::metric_names
  bool broke_down = false;        ///< the simulator failed in it: its return is that of the steps before
};

/// Test episodes without noise.
struct Evaluation {
  int episodes = 0;
  double mean_return = kNotMeasured;
  double std_return = kNotMeasured;  ///< population standard deviation between episodes
  double min_return = kNotMeasured;
  double max_return = kNotMeasured;
  double mean_length = kNotMeasured;  ///< steps
  /// Mean over the visited states of Q(s, mu(s)), and of the discounted return really obtained from there (a truncated
  /// episode is completed by gamma^n Q at its last state). Their difference is the over-estimation.
  double predicted_q = kNotMeasured;
  double discounted_return = kNotMeasured;
  std::vector<double> metrics{};      ///< of the task's metrics the means over the episodes; empty where it has none
  std::vector<EpisodeResult> each{};  ///< the episodes, in their order
};

/// What a process did that plays on its own (docs/scale.md), since the row before.
struct PlayerProgress {
  std::int64_t steps = 0;                  ///< of its own that were learnt from
  double steps_per_second = kNotMeasured;  ///< of these, evaluation time left out
  double staleness = kNotMeasured;  ///< updates done since the policy with which a block of steps was begun: the mean
  double backlog = kNotMeasured;    ///< blocks still on their way when it had filled another: the mean
};

/// One row of progress. Means are over the updates since the row before; NaN where nothing was computed.
struct Progress {
  std::int64_t step = 0;      ///< environment steps
  std::int64_t episodes = 0;  ///< training episodes finished
  std::int64_t updates = 0;   ///< gradient updates of both networks
  double critic_loss =
      kNotMeasured;  ///< mean squared Bellman error, without the L2 penalty; of several critics the mean
  double actor_loss = kNotMeasured;            ///< -mean Q(s, mu(s)), as actor.aggregate takes it
  double mean_q = kNotMeasured;                ///< mean Q(s, a) over the minibatches, and over the critics
  double mean_target = kNotMeasured;           ///< mean y
  double critic_gradient_norm = kNotMeasured;  ///< L2 norm of all critics before clipping, of the last update
  double actor_gradient_norm = kNotMeasured;
  /// Share of the components of mu(s) beyond 99 % of the half-range, in the minibatches.
  double saturated_share = kNotMeasured;
  double exploration_sigma = kNotMeasured;  ///< noise in force, in half-ranges; NaN during the random warm-up
  /// Mean return, with noise, of the training episodes finished since the row before.
  double training_return = kNotMeasured;
  /// Of the task's metrics (Specification::metric_names) the means over those episodes; empty where it has none.
  std::vector<double> training_metrics{};
  std::int64_t breakdowns = 0;  ///< training episodes that the simulator's failure ended (on_breakdown), in all
  Evaluation evaluation;        ///< episodes == 0: none at this row
  bool best = false;            ///< the evaluation's mean return is the best of the run so far
  double seconds = 0;           ///< since the start
  double steps_per_second = kNotMeasured;    ///< since the row before, evaluation time left out
  double updates_per_second = kNotMeasured;  ///< likewise
  std::vector<PlayerProgress> players{};     ///< of each; empty where this process plays
  /// What went wrong since the row before without ending the training, e.g. a checkpoint that could not be written, and
  /// what is out of scale (once); "" when nothing did.
  std::string warning;
};

/// Reported once, before the first step.
struct RunStart {
  Options options;  ///< resolved: every value in force
  Specification specification;
  std::size_t replay_bytes = 0;
  std::int64_t actor_parameters = 0;
  std::int64_t critic_parameters = 0;  ///< of each critic
  std::string kernels;                 ///< dispatch target in use, e.g. "AVX2"
  /// Where the training begins: 0, or the step of the checkpoint that it resumes from. What an observer kept of the run
  /// beyond the first `rows` calls of progressed() will be reported once more and should be dropped.
  std::int64_t step = 0;
  std::int64_t rows = 0;
  std::int64_t last_row_step = 0;  ///< of the last of these rows
  std::string warning;  ///< what had to be passed over to begin there, e.g. a damaged checkpoint; "" when nothing
  int players = 0;      ///< other processes that play on their own; 0: this one does
  std::string sources;  ///< which files it began from (Options::initial_policy, data, ...), as JSON; "" when none
};

enum class Outcome { finished, interrupted, failed };

/// Reported once, after the last step; also when the training failed on its way, with what was learnt until then.
struct Summary {
  Outcome outcome = Outcome::finished;
  std::string error;        ///< what failed
  std::string criterion{};  ///< which of options.stop ended it before its last step, and how; "" when none did
  std::int64_t steps = 0;
  std::int64_t updates = 0;
  std::int64_t episodes = 0;
  double seconds = 0;
  double steps_per_second = 0;        ///< over the whole training, evaluation time left out
  Evaluation before;                  ///< of the untrained policy
  Evaluation after;                   ///< of the final policy
  double best_return = kNotMeasured;  ///< best mean return of an evaluation
};

/// Subscribes to a training. Called from the training's thread, between steps; what it throws ends the training.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void started(const RunStart&) {}
  /// Called after every round (one step in each copy of the environment; `step` counts single ones), for displays that
  /// move between two rows of progress. Must be quick.
  virtual void stepped(std::int64_t step) { (void)step; }
  /// `policy` is the policy as of this row.
  virtual void progressed(const Progress&, const Policy& policy) { (void)policy; }
  virtual void ended(const Summary&, const Policy& policy) { (void)policy; }
};

}  // namespace ddpg
