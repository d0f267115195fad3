// The replay buffer as columns of rows, for checkpoints: which rows there are, and how they are copied out and in.
// Not here: files (run/replay_files.h).
#pragma once

#include <array>
#include <cstdint>

#include "support/safetensors.h"

namespace ddpg {

// A stretch of transitions, numbered from 0 in the order in which they came, and of the last observations of those
// episodes that ended in it, numbered likewise.
struct ReplayRange {
  std::int64_t begin = 0, end = 0;
  std::int64_t last_begin = 0, last_end = 0;

  std::int64_t size() const { return end - begin; }
  bool operator==(const ReplayRange&) const = default;
};

// One column: a row for each transition, or for each last observation.
struct ReplayColumn {
  const char* name;
  Dtype dtype;    // of four bytes
  int offset;     // floats from the start of a record
  int width;      // floats
  bool of_lasts;  // a row for each last observation
};
using ReplayColumns = std::array<ReplayColumn, 5>;

}  // namespace ddpg
