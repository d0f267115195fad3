// Transitions that were not lived here: of a log, of a data set, of another run. Read piece by piece, for Agent::add()
// (ddpg/agent.h) or for anything else. docs/data.md describes the formats. A training reads its own:
// Options::data.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "ddpg/agent.h"
#include "ddpg/environment.h"

namespace ddpg {

/// What was found in a file of transitions.
struct DataSummary {
  std::int64_t transitions = 0;    ///< given to the caller
  std::int64_t left_out = 0;       ///< because nothing says what followed them: the last of an episode that was cut
  std::int64_t out_of_bounds = 0;  ///< of those given: their action lies beyond the specification's bounds
};

/// Reads transitions of a world of this specification from `file` and calls `take` with each, in their order; what it
/// is given is valid until it returns. By the name of the file:
///   - *.csv: a line each, below one with the names of the columns;
///   - *.npz: arrays of NumPy, by the names of D4RL and Minari;
///   - the folder of a run, or a checkpoint in it: what its replay buffer holds.
/// Memory does not grow with the length of a log; a run takes that of its replay buffer. A number that is not finite is
/// refused. Throws Error naming the file, the place in it, what was expected and what was found; `take` has been given
/// what came before that place.
DataSummary read_transitions(const std::string& file, const Specification& specification,
                             const std::function<void(const Transition&)>& take);

}  // namespace ddpg
