// What it costs the one that learns to have others play: the seam to eight players, which send again and again what
// they have recorded of a task of HalfCheetah's sizes. Where `ddpg bench` is not given the processes of a job they are
// threads of this one.
#pragma once

#include <string>

#include "bench/benchmarks.h"
#include "group/group.h"

namespace ddpg {

// Transitions taken from them, without learning; and what one block of theirs costs.
BenchmarkResult benchmark_seam(const std::string& name, const BenchmarkOptions& bench);
// What it costs to make a policy for them, and to send it to one of them.
BenchmarkResult benchmark_policies(const std::string& name, const BenchmarkOptions& bench);
// A learner that they feed beside one alone.
BenchmarkResult benchmark_fed_learner(const std::string& name, const BenchmarkOptions& bench);

// What a process does that feeds process 0 while that one measures, until that one says that it is over.
void feed_recorded(Group& group);

}  // namespace ddpg
