// What a checkpoint leaves to the files beside it, from one replay buffer into another.
#pragma once

#include <vector>

#include "agent/replay.h"

namespace ddpg::testing {

inline void copy_settled_rows(const Replay& from, Replay& to) {
  const ReplayRange range = from.settled();
  for (const ReplayColumn& column : from.columns()) {
    const std::int64_t first = column.of_lasts ? range.last_begin : range.begin;
    const std::int64_t rows = (column.of_lasts ? range.last_end : range.end) - first;
    std::vector<float> floats(static_cast<std::size_t>(rows * column.width));
    from.copy_out(column, first, rows, floats.data());
    to.copy_in(column, first, rows, floats.data());
  }
}

}  // namespace ddpg::testing
