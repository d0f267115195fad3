// The replay buffer as columns of rows, for checkpoints: which rows there are, and how they are copied out and in.
// Not here: files (run/checkpoints.h).
#pragma once

#include <array>
#include <cstdint>

#include "support/safetensors.h"

namespace ddpg {

// A stretch of transitions, numbered from 0 in the order in which they came.
struct ReplayRange {
  std::int64_t begin = 0, end = 0;

  std::int64_t size() const { return end - begin; }
  bool operator==(const ReplayRange&) const = default;
};

// One column: a row for each transition, or for each that ended its episode.
struct ReplayColumn {
  enum class Kind { number, link, last_observation };

  const char* name;
  Dtype dtype;  // of four bytes
  Kind kind;
  int offset;  // floats from the start of a record; none for last observations, which lie elsewhere
  int width;   // floats
};
using ReplayColumns = std::array<ReplayColumn, 5>;

}  // namespace ddpg
