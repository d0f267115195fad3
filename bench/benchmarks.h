// What `ddpg bench` measures.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ddpg {

class Group;

// One measurement: a name such as "update/17-6/256x256/batch256", and figures such as {"updates_per_second", 512.3}.
struct BenchmarkResult {
  std::string name;
  int threads = 1;  // that it ran on: acting, environments, replay and memory know only one
  std::vector<std::pair<std::string, double>> values;
  std::string conclusion{};  // what follows from them, in a sentence; "": that is the reader's to say
};

struct BenchmarkOptions {
  int threads = 1;
  std::string filter;                                  // only benchmarks whose name contains this
  double seconds = 1;                                  // of measuring, for each benchmark
  std::shared_ptr<Group> group;                        // whose other processes feed (actors.h); null: threads do
  std::function<void(const BenchmarkResult&)> report;  // gets each result as it comes; may be empty
  // Gets how many of the chosen benchmarks are left out, and why; may be empty.
  std::function<void(int count, const std::string& reason)> left_out;
};

// Throws UsageError, with all names, when the filter keeps none; Error, when all that it keeps would be left out.
std::vector<BenchmarkResult> run_benchmarks(const BenchmarkOptions& options);

}  // namespace ddpg
