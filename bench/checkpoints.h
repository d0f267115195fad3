// What a checkpoint costs a training.
#pragma once

#include <string>

#include "bench/benchmarks.h"

namespace ddpg {

// Of a full replay buffer of a million transitions, none of which is in a file yet: the worst that can come.
BenchmarkResult benchmark_checkpoint(const std::string& name, const BenchmarkOptions& bench);

}  // namespace ddpg
