// Training and evaluation, as a program calls them.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "ddpg/observer.h"
#include "ddpg/options.h"
#include "ddpg/policy.h"

namespace ddpg {

struct TrainingResult {
  Summary summary;
  Policy policy;
};

/// Trains from the first step to the last. Observers are called in their order; none may be null. When `*stop` becomes
/// true, training ends after the step in progress (of each environment, or of the update), as Outcome::interrupted,
/// with everything reported as at a normal end. The checkpoint comes first; an evaluation is given up, and played when
/// the training is resumed. Before the training has begun (environments are made, a checkpoint is loaded) Interrupted
/// is thrown and nothing is reported. `checkpoints` names a folder in which checkpoints are kept, every
/// options.checkpoint_interval steps and at the end; "": none. A checkpoint that cannot be written is reported as
/// Progress::warning and training continues; when the last one cannot be, the result is returned as Outcome::failed,
/// with the reason. Throws UsageError when the options are invalid, when a file that they name to start from cannot be
/// read or does not fit, when the folder holds checkpoints already or another training writes there; Error when memory
/// is short or a number stops being finite (with step and place), after observers were called with it as
/// Outcome::failed.
TrainingResult train(const Options& options, const std::vector<Observer*>& observers = {},
                     const std::atomic<bool>* stop = nullptr, const std::string& checkpoints = {});

/// Resumes from the newest checkpoint in the folder that can be read, to the same bits as if the training had never
/// stopped; from the beginning where there is none. `options` must be those of the training but for `steps`, `threads`,
/// `checkpoint_interval`, `step_timeout`, `checkpoints_kept`, `checkpoint_replay`, `stop.at_return`,
/// `stop.no_progress_for` and `stop.after`; and `changes` may have more entries, of steps from the checkpoint's on. To
/// train for longer give more `steps`. An environment that does not offer its state (Environment::save_state) begins a
/// new episode. Throws UsageError naming the options that differ (or what differs of the task, or that `steps` are
/// fewer than were done), Error when none of the checkpoints can be used.
TrainingResult resume(const Options& options, const std::string& checkpoints,
                      const std::vector<Observer*>& observers = {}, const std::atomic<bool>* stop = nullptr);

/// Plays `episodes` episodes of `environment` with `policy`, without noise, each cut at the specification's time limit;
/// of 0 nothing is measured. `seed` decides the starting states; the same seed and index give the same ones. Throws
/// UsageError when the sizes differ or `episodes` is below 0, Error naming the step when a number is not finite,
/// Interrupted when `*stop` becomes true.
Evaluation evaluate(Policy& policy, Environment& environment, int episodes, std::uint64_t seed, std::uint64_t index = 0,
                    const std::atomic<bool>* stop = nullptr);

}  // namespace ddpg
