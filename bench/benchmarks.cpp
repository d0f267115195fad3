// What is claimed about speed, measured by one command. How a rate is measured: measure.h.
#include "bench/benchmarks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "bench/acting.h"
#include "bench/actors.h"
#include "bench/checkpoints.h"
#include "bench/environments.h"
#include "bench/measure.h"
#include "bench/training.h"
#include "bench/updates.h"
#include "ddpg/error.h"
#include "envs/mujoco_tasks.h"
#include "support/machine.h"

namespace ddpg {
namespace {

BenchmarkResult benchmark_replay(const std::string& name, const BenchmarkOptions& bench) {
  constexpr std::int64_t kTransitions = 1'000'000;
  constexpr int kBatch = 256;
  Replay replay(17, 6, kTransitions);
  fill(replay, 17, 6, kTransitions);
  Minibatch minibatch(kBatch, 17, 6);
  RandomStream random(0, "sampling");
  const LearningRule rule{Options()};
  const MeasuredRate rate =
      measure_rate({.seconds = bench.seconds}, [&] { rule.sampler->sample(replay, random, minibatch); });
  return {name, 1, {{"microseconds", 1e6 / rate.per_second}, {"samples_per_second", kBatch * rate.per_second}}};
}

// What a process occupies that trains on a full replay buffer.
BenchmarkResult benchmark_memory(const std::string& name, const BenchmarkOptions&) {
  constexpr std::int64_t kTransitions = 1'000'000;
  const Options options = sized({256, 256}, 256);
  Learner learner(options, box(17, 6), Compute{});
  Replay replay(17, 6, kTransitions);
  fill(replay, 17, 6, kTransitions);
  Measures measures;
  learner.update(replay, nullptr, nullptr, measures);
  return {name, 1, {{"resident_megabytes", static_cast<double>(resident_memory()) / 1e6}}};
}

struct Item {
  std::string name;
  std::function<BenchmarkResult(const std::string& name, const BenchmarkOptions&)> measure;
  bool on_mujoco = false;
};

std::vector<Item> all_items() {
  using Name = const std::string&;
  using Bench = const BenchmarkOptions&;
  std::vector<Item> items = {{"memory/17-6/1000000/256x256", benchmark_memory}};  // before others have taken memory
  for (const UpdateCase& c : update_cases())
    items.push_back({c.name, [c](Name, Bench bench) { return benchmark_update(c, bench); }});
  items.push_back({"train/Pendulum-v1/default", benchmark_pendulum_training});
  items.push_back({"train/HalfCheetah-v5/256x256/batch256", benchmark_cheetah_training, true});
  items.push_back({"train/HalfCheetah-v5/256x256/batch256/overlap", benchmark_overlapped_training, true});
  items.push_back({"actors/seam/17-6", benchmark_seam});
  items.push_back({"actors/policy/256x256", benchmark_policies});
  items.push_back({"actors/learner/17-6/256x256/batch256", benchmark_fed_learner});
  items.push_back({"act/17-256-256-6", benchmark_act});
  items.push_back({"latency/17-256-256-6", benchmark_latency});
  for (const std::string task : {"Pendulum-v1", "MountainCarContinuous-v0", "LinearQuadratic-v0"})
    items.push_back(
        {"environment/" + task, [task](Name name, Bench bench) { return benchmark_environment(name, task, bench); }});
  for (const EnvironmentEntry& entry : mujoco_entries())
    items.push_back({"environment/" + entry.name,
                     [task = entry.name](Name name, Bench bench) { return benchmark_mujoco_task(name, task, bench); },
                     true});
  items.push_back({"replay/17-6/1000000/batch256", benchmark_replay});
  items.push_back({"checkpoint/17-6/1000000/256x256", benchmark_checkpoint});
  return items;
}

// Why tasks on MuJoCo cannot be made here; empty when they can.
std::string why_not_mujoco() {
  try {
    make_environment("HalfCheetah-v5");
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

std::vector<Item> chosen_items(const std::string& filter) {
  std::vector<Item> items = all_items();
  std::vector<std::string> names;
  for (const Item& item : items) names.push_back(item.name);
  std::erase_if(items, [&](const Item& item) { return item.name.find(filter) == std::string::npos; });
  if (items.empty())
    throw UsageError(
        fmt::format("--filter {}: no benchmark has this in its name; there are {}", filter, fmt::join(names, ", ")));
  return items;
}

// Takes out what needs MuJoCo where there is none, and says so.
void leave_out_mujoco(std::vector<Item>& items, const BenchmarkOptions& options) {
  const auto left_out = std::count_if(items.begin(), items.end(), [](const Item& item) { return item.on_mujoco; });
  const std::string reason = left_out > 0 ? why_not_mujoco() : "";
  if (reason.empty()) return;
  std::erase_if(items, [](const Item& item) { return item.on_mujoco; });
  if (items.empty()) throw Error(reason);
  if (options.left_out) options.left_out(static_cast<int>(left_out), reason);
}

}  // namespace

std::vector<BenchmarkResult> run_benchmarks(const BenchmarkOptions& options) {
  std::vector<Item> items = chosen_items(options.filter);
  leave_out_mujoco(items, options);
  std::vector<BenchmarkResult> results;
  for (const Item& item : items) {
    results.push_back(item.measure(item.name, options));
    if (options.report) options.report(results.back());
  }
  return results;
}

}  // namespace ddpg
