// A test episode of a trained policy, played when the report is made, as what a small script needs to show it: the
// shapes of the task's drawing, frame by frame. For tasks that draw themselves with shapes (the classic ones); others
// are for `ddpg video`.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "report/study.h"

namespace ddpg {

struct ShownEpisode {
  std::string script;   ///< JSON for page_script.cpp; "" when there is nothing to show
  std::string problem;  ///< why not, for a reader
  int steps = 0;
  double total = 0;          ///< its return
  std::int64_t trained = 0;  ///< environment steps of the policy
  const RunRecord* run = nullptr;
  double aspect = 1;  ///< width over height
};

/// The first test episode (seed 0) of the policy of the group's run with the middle score. Never throws for what is
/// wrong with a policy: `problem` says so. Throws Interrupted when `*stop` becomes true.
ShownEpisode shown_episode(const RunGroup& group, const std::atomic<bool>* stop = nullptr);

}  // namespace ddpg
