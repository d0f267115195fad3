// ddpg bench: what bench/ measures, as a table or as JSON.
#include "bench/benchmarks.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "ddpg/version.h"
#include "nn/kernels.h"
#include "program/actors.h"
#include "program/output.h"
#include "program/verbs.h"
#include "record/text.h"
#include "support/json.h"
#include "support/machine.h"

namespace ddpg::cli {

namespace {

struct BenchArguments {
  int threads = 1;
  double seconds = 1;
  std::string filter;
  ActorsArguments actors;
};

Json as_json(const BenchmarkResult& result) {
  Json object = {{"name", result.name}, {"threads", result.threads}};
  for (const auto& [key, value] : result.values) object[key] = value;
  if (!result.conclusion.empty()) object["conclusion"] = result.conclusion;
  return object;
}

void print_result(const BenchmarkResult& result) {
  std::string line = fmt::format("{:<40}", result.name);
  for (const auto& [key, value] : result.values) line += fmt::format("  {} {}", key, significant(value));
  print(line + "\n");
  if (!result.conclusion.empty()) print(fmt::format("{:<40}  {}\n", "", result.conclusion));
  flush_output();
}

std::string header(int threads) {
  return fmt::format("{}, {}, {} kernels, ddpg {} ({})\n", processor_name(), counted(threads, "thread"),
                     best_kernels().name, kVersion, compiler_name());
}

int run_bench(const BenchArguments& bench, const Common& common) {
  Job job(bench.actors);
  if (job.serves()) return job.feed();
  BenchmarkOptions options;
  options.group = job.group();
  options.threads = bench.threads;
  options.filter = bench.filter;
  options.seconds = bench.seconds;
  bool first = true;
  options.report = [&](const BenchmarkResult& result) {
    if (common.json) return print_message("measured " + result.name);
    if (std::exchange(first, false)) print(header(bench.threads));
    print_result(result);
  };
  options.left_out = [](int count, const std::string& reason) {
    print_message(fmt::format("{} left out: {}", counted(count, "benchmark"), reason));
  };
  const std::vector<BenchmarkResult> results = run_benchmarks(options);
  if (!common.json) return kDone;
  Json all = Json::array();
  for (const BenchmarkResult& result : results) all.push_back(as_json(result));
  print_json({{"benchmarks", all},
              {"machine", processor_name()},
              {"kernels", best_kernels().name},
              {"version", kVersion},
              {"compiler", compiler_name()},
              {"threads", bench.threads}});
  return kDone;
}

}  // namespace

Run add_bench(Flags& flags) {
  const auto bench = std::make_shared<BenchArguments>();
  flags.number("--threads", bench->threads, 1, 256, "threads of computation [1]");
  flags.real("--seconds", bench->seconds, 0.01, 3'600, "of measuring, for each benchmark, 0.01 to 3600 [1]");
  flags.text("--filter", bench->filter, "TEXT", "only benchmarks whose name contains this");
  flags.text("--actors", bench->actors.engine, "mpi",
             "with --filter actors: the other processes of an MPI job feed (mpirun -n 9 ddpg bench ...)");
  return [bench](const Common& common) { return run_bench(*bench, common); };
}

}  // namespace ddpg::cli
