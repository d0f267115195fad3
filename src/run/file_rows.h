// The rows of a replay buffer in a file, one array a column: what checkpoints and agents' files share.
#pragma once

#include <string>

#include "agent/replay.h"
#include "run/checkpoint_file.h"

namespace ddpg {

// Adds the rows of `range`, its arrays named `prefix` and the column. The replay buffer must outlive the writer.
void add_rows(CheckpointFileWriter& file, const Replay& replay, const ReplayRange& range,
              const std::string& prefix = "");

// Copies them into `replay`. Throws Error naming the file when an array is missing or of another shape.
void take_rows(const CheckpointFile& file, Replay& replay, const ReplayRange& range, const std::string& prefix = "");

}  // namespace ddpg
