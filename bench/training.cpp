#include "bench/training.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "agent/algorithm.h"
#include "bench/environments.h"
#include "bench/measure.h"
#include "bench/updates.h"
#include "record/text.h"

namespace ddpg {
namespace {

// What the turns found: the best of each rate, and the median turn's shares.
struct Comparison {
  MeasuredRate training, updates, environment;
  double share_of_updates = 0;  // of the rate of the updates alone
  double share_of_both = 0;     // of 1 / (time of an update + time of an environment step)
  double flops = 0;             // of an update
};

void keep_better(MeasuredRate& best, const MeasuredRate& found) {
  if (found.per_second > best.per_second) best = found;
}

// In turns, so that all meet the machine in the same moods.
Comparison compare(Options options, const BenchmarkOptions& bench) {
  options.warmup_steps = options.learning_starts = options.batch_size;
  options.replay_capacity = 100'000;
  options.threads = bench.threads;
  Algorithm algorithm(options, make_environment(options.environment));
  while (algorithm.steps() < 2 * options.batch_size) algorithm.step();
  EnvironmentLoop environment(options.environment);
  const Specification& task = environment.specification();
  UpdateLoop update({"", task.observation_size, task.action_size(), options}, bench.threads);

  Measuring turn = {.seconds = bench.seconds / kTurns,
                    .threads = bench.threads,
                    .ceiling = true,
                    .rounds = kRoundsOfTurn,
                    .beside_others = options.overlap};
  Measuring environment_turn = {.seconds = turn.seconds / 5, .rounds = kRoundsOfTurn};
  Comparison found;
  std::vector<double> shares_of_updates, shares_of_both;
  for (int i = 0; i < kTurns; i++) {
    const MeasuredRate training = measure_rate(turn, [&] { algorithm.step(); });
    const MeasuredRate updates = measure_rate(turn, update);
    MeasuredRate steps = measure_rate(environment_turn, [&] {
      for (int step = 0; step < 100; step++)
        if (environment.step()) environment.begin_episode();
    });
    steps.per_second *= 100;
    shares_of_updates.push_back(training.per_second / updates.per_second);
    shares_of_both.push_back(training.per_second * (1 / updates.per_second + 1 / steps.per_second));
    keep_better(found.training, training);
    keep_better(found.updates, updates);
    keep_better(found.environment, steps);
  }
  found.share_of_updates = median(shares_of_updates);
  found.share_of_both = median(shares_of_both);
  found.flops = update.flops();
  return found;
}

// What more players would bring, with one update a step.
std::string bound(const Comparison& found) {
  const double update = 1e6 / found.updates.per_second, step = 1e6 / found.environment.per_second;
  const std::string times = fmt::format(
      "an update takes {} microseconds and a step of the environment {}: ", significant(update), significant(step));
  if (update >= step) return times + "learning is the bound, and more players bring nothing";
  return times + fmt::format("physics is the bound, and {} players keep the learner busy", std::ceil(step / update));
}

}  // namespace

BenchmarkResult benchmark_pendulum_training(const std::string& name, const BenchmarkOptions& bench) {
  Options options = find_preset("default").options;
  options.environment = "Pendulum-v1";
  const Comparison found = compare(options, bench);
  return {name,
          bench.threads,
          {{"steps_per_second", found.training.per_second},
           {"updates_per_second_alone", found.updates.per_second},
           {"share_of_updates_alone", found.share_of_updates},
           {"gflops", found.training.per_second * found.flops / 1e9},
           {"ceiling_gflops", found.training.ceiling_gflops},
           {"share", found.training.per_ceiling * found.flops / 1e9}},
          bound(found)};
}

namespace {

Options cheetah() {
  Options options = sized({256, 256}, 256);
  options.environment = "HalfCheetah-v5";
  return options;
}

}  // namespace

BenchmarkResult benchmark_cheetah_training(const std::string& name, const BenchmarkOptions& bench) {
  const Comparison found = compare(cheetah(), bench);
  return {name,
          bench.threads,
          {{"steps_per_second", found.training.per_second},
           {"updates_per_second_alone", found.updates.per_second},
           {"environment_steps_per_second_alone", found.environment.per_second},
           {"share_of_both_alone", found.share_of_both}},
          bound(found)};
}

BenchmarkResult benchmark_overlapped_training(const std::string& name, const BenchmarkOptions& bench) {
  Options options = cheetah();
  options.overlap = true;
  const Comparison found = compare(options, bench);
  return {name,
          bench.threads + 1,  // physics has its own
          {{"steps_per_second", found.training.per_second},
           {"updates_per_second_alone", found.updates.per_second},
           {"share_of_updates_alone", found.share_of_updates}}};
}

}  // namespace ddpg
