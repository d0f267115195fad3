// A whole update of Algorithm 1 alone: sampling, targets, both steps, soft updates. No environment, no acting.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent/learner.h"
#include "bench/benchmarks.h"

namespace ddpg {

struct UpdateCase {
  std::string name;
  int observations, actions;
  Options options;
};

std::vector<UpdateCase> update_cases();

// The default options with these widths, of actor and critic, and this batch size.
Options sized(std::vector<int> hidden, int batch_size);
// A task of these sizes, with actions in [-1, 1].
Specification box(int observations, int actions);
// Random transitions in episodes of 1,000 steps.
void fill(Replay& replay, int observations, int actions, std::int64_t transitions);

// Networks and a filled replay buffer; each call is one update or, of a delayed actor, one of its periods, so that
// every call does the same.
class UpdateLoop {
 public:
  UpdateLoop(const UpdateCase& c, int threads);
  void operator()();
  int updates() const { return static_cast<int>(options_.actor.period); }  // of a call
  // What Algorithm 1 needs for the minibatches of a call, two flops a multiply-add; normalisation, Adam and the heads
  // are not counted.
  double flops() const;

 private:
  std::unique_ptr<ThreadPool> pool_;
  Learner learner_;
  Replay replay_;
  Options options_;
  Measures measures_;
};

BenchmarkResult benchmark_update(const UpdateCase& c, const BenchmarkOptions& bench);

}  // namespace ddpg
