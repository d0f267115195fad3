// One observation through a trained policy's network: how long it takes, and how long at worst.
#pragma once

#include "bench/benchmarks.h"

namespace ddpg {

// 17-256-256-6 through the policy library, a hundred calls a timing.
BenchmarkResult benchmark_act(const std::string& name, const BenchmarkOptions& bench);
// The same, each of a million calls timed by itself, on the core that the thread is on.
BenchmarkResult benchmark_latency(const std::string& name, const BenchmarkOptions& bench);

}  // namespace ddpg
