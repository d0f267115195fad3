// What a run's checkpoint holds of its replay buffer, as transitions: for other runs. Not here: a run that resumes
// (checkpoints.h).
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "agent/replay.h"
#include "data/episodes.h"
#include "run/checkpoints.h"

namespace ddpg {

// The newest checkpoint that can be read of those in `path`: a run's folder, a folder of checkpoints, or one
// checkpoint. `damaged` gets what is wrong with newer ones. Throws Error where there is none, Interrupted.
LoadedCheckpoint find_checkpoint(const std::string& path, std::string& damaged, const std::atomic<bool>* stop = nullptr,
                                 ReplayRows rows = ReplayRows::needed);

// What the checkpoint says of its training. Throws Error.
Options options_of(const LoadedCheckpoint& checkpoint);
// Of the task; checkpoints of older versions do not hold it. Throws Error.
Specification specification_of(const LoadedCheckpoint& checkpoint);

// Calls `visit` with each transition of its replay buffer, episode after episode and each in its order. `begins` an
// episode; `ends`: it is the last that is kept of its episode, whatever followed.
using VisitStored = std::function<void(const StoredTransition& stored, bool begins, bool ends)>;
void visit_replay(LoadedCheckpoint& checkpoint, const VisitStored& visit, const std::atomic<bool>* stop = nullptr);

// The same in the world's units. Throws Error where the specification is of another size.
DataSummary read_replay(LoadedCheckpoint& checkpoint, const Specification& specification, TakeTransition take,
                        const std::atomic<bool>* stop = nullptr);

}  // namespace ddpg
