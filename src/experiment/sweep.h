// A file that says which options to try: `ddpg sweep FILE.toml`. A config as any other, and at its end
//   [sweep]
//   method = "grid"                             # each with each; or "random"
//   trials = 20                                 # of random: how many are drawn, by `seed` (0)
//   seeds = 3                                   # of each configuration; or such as "5-9"
//   [sweep.values]
//   critic.learning_rate = [1e-3, 1e-4]         # choices
//   exploration.sigma = {low = 0.05, high = 0.4, log = true}   # of random: a range
#pragma once

#include <string>
#include <string_view>

#include "experiment/experiment.h"

namespace ddpg {

// The plan in `text`; its jobs and records are the caller's. `where` is named in errors. Throws UsageError, also where
// one of the configurations cannot be trained.
ExperimentPlan read_sweep(std::string_view text, const std::string& where);

}  // namespace ddpg
