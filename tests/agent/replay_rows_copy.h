// What a checkpoint leaves to the files beside it, from one replay buffer into another.
#pragma once

#include <vector>

#include "agent/replay.h"

namespace ddpg::testing {

inline void copy_settled_rows(const Replay& from, Replay& to) {
  const ReplayRange range = from.settled();
  for (const ReplayColumn& column : from.columns()) {
    std::vector<float> floats(static_cast<std::size_t>(from.rows(column, range) * column.width));
    from.copy_out(column, range, floats.data());
    to.copy_in(column, range, floats.data());
  }
}

}  // namespace ddpg::testing
