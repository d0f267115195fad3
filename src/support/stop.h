// A wish to stop: a flag that a signal or another thread sets. Long work looks at it between its steps, and gives up.
#pragma once

#include <atomic>
#include <string>

#include "ddpg/interrupted.h"

namespace ddpg {

inline bool is_set(const std::atomic<bool>* stop) {
  return stop != nullptr && stop->load(std::memory_order_relaxed);
}

// Throws Interrupted when `stop` is set. `what` was under way: "an evaluation".
inline void throw_if_stopped(const std::atomic<bool>* stop, const char* what) {
  if (is_set(stop)) throw Interrupted(std::string("interrupted during ") + what + "; there is no result");
}

}  // namespace ddpg
