// What `ddpg bench` measures.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace ddpg {

// One measurement: a name such as "update/17-6/256x256/batch256", and figures such as {"updates_per_second", 512.3}.
struct BenchmarkResult {
  std::string name;
  std::vector<std::pair<std::string, double>> values;
};

struct BenchmarkOptions {
  int threads = 1;
  std::string filter;                                  // only benchmarks whose name contains this
  double seconds = 1;                                  // of measuring, for each benchmark
  std::function<void(const BenchmarkResult&)> report;  // told each result as it comes; may be empty
};

std::vector<BenchmarkResult> run_benchmarks(const BenchmarkOptions& options);

}  // namespace ddpg
