// Training itself, end to end, beside what it consists of.
#pragma once

#include <string>

#include "bench/benchmarks.h"

namespace ddpg {

// Pendulum-v1 against its updates alone: what the loop around them costs.
BenchmarkResult benchmark_pendulum_training(const std::string& name, const BenchmarkOptions& bench);
// HalfCheetah-v5, 256x256, batch 256, one update a step, against 1 / (time of an update + time of an environment step).
BenchmarkResult benchmark_cheetah_training(const std::string& name, const BenchmarkOptions& bench);
// The same with the physics beside the updates, on a thread of its own, against the updates alone.
BenchmarkResult benchmark_overlapped_training(const std::string& name, const BenchmarkOptions& bench);

}  // namespace ddpg
