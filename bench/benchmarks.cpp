// What is claimed about speed, measured by one command. How a rate is measured: measure.h.
#include "bench/benchmarks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "agent/algorithm.h"
#include "bench/measure.h"
#include "ddpg/error.h"
#include "policy/content.h"
#include "support/machine.h"

namespace ddpg {
namespace {

// Multiply-adds of a dense layer and one row.
double macs(const DenseLayout& layer) {
  return static_cast<double>(layer.in0 + layer.in1) * layer.out;
}

double forward_macs(const Network& network) {
  double sum = 0;
  for (const DenseLayout& layer : network.layers()) sum += macs(layer);
  return sum;
}

// Gradients of all weights, and of the activations between the layers (not of the inputs).
double backward_macs(const Network& network) {
  double sum = forward_macs(network);
  for (std::size_t n = 1; n < network.layers().size(); n++)
    sum += static_cast<double>(network.layers()[n].in0) * network.layers()[n].out;
  return sum;
}

// From the output down to the action alone, no weights.
double action_macs(const Network& critic) {
  const auto joined = static_cast<std::size_t>(critic.shape().action_layer) - 1;
  double sum = static_cast<double>(critic.layers()[joined].in1) * critic.layers()[joined].out;
  for (std::size_t n = joined + 1; n < critic.layers().size(); n++)
    sum += static_cast<double>(critic.layers()[n].in0) * critic.layers()[n].out;
  return sum;
}

// What Algorithm 1 needs for one minibatch, two flops a multiply-add; normalisation, Adam and the heads are not
// counted.
double update_flops(const Network& actor, const Network& critic, int batch_size) {
  const double target = forward_macs(actor) + forward_macs(critic);
  const double critic_step = forward_macs(critic) + backward_macs(critic);
  const double actor_step = forward_macs(actor) + forward_macs(critic) + action_macs(critic) + backward_macs(actor);
  return 2.0 * batch_size * (target + critic_step + actor_step);
}

Specification box(int observations, int actions) {
  const auto n = static_cast<std::size_t>(actions);
  return {"benchmark", observations, std::vector<float>(n, -1.0f), std::vector<float>(n, 1.0f), 1000};
}

void fill(Replay& replay, int observations, int actions, std::int64_t transitions) {
  RandomStream random(1, "benchmark");
  std::vector<double> observation(static_cast<std::size_t>(observations));
  std::vector<float> action(static_cast<std::size_t>(actions));
  for (std::int64_t t = 0; t < transitions; t++) {
    for (double& x : observation) x = random.uniform(-1, 1);
    if (t % 1000 == 0) replay.begin_episode(observation);
    for (float& a : action) a = static_cast<float>(random.uniform(-1, 1));
    replay.add(action, random.uniform(-1, 1), false, t % 1000 == 999, observation);
  }
}

struct UpdateCase {
  std::string name;
  int observations, actions;
  Options options;
};

Options sized(std::vector<int> hidden, int batch_size) {
  Options options;
  options.actor.hidden = options.critic.hidden = std::move(hidden);
  options.batch_size = batch_size;
  return options;
}

std::vector<UpdateCase> update_cases() {
  return {{"update/17-6/256x256/batch256", 17, 6, sized({256, 256}, 256)},
          {"update/3-1/64x64/batch100", 3, 1, sized({64, 64}, 100)},
          {"update/17-6/lillicrap2015/batch64", 17, 6, find_preset("lillicrap2015").options},
          {"update/348-17/256x256/batch256", 348, 17, sized({256, 256}, 256)},
          {"update/17-6/1024x1024/batch1024", 17, 6, sized({1024, 1024}, 1024)},
          {"update/17-6/1024x1024/batch32768", 17, 6, sized({1024, 1024}, 32'768)}};
}

// A whole update: sampling, targets, both steps, soft updates.
Rate update_rate(const UpdateCase& c, const BenchmarkOptions& bench, double& flops, int rounds = kRounds) {
  const Specification specification = box(c.observations, c.actions);
  const auto pool = bench.threads > 1 ? std::make_unique<ThreadPool>(bench.threads) : nullptr;
  RandomStream random(0, "initialisation"), sampling(0, "sampling");
  ActorCritic networks(c.options, specification, random, Compute{&best_kernels(), pool.get()});
  Replay replay(c.observations, c.actions, 100'000);
  fill(replay, c.observations, c.actions, std::max(20'000, c.options.batch_size));
  Minibatch minibatch(c.options.batch_size, c.observations, c.actions);
  UpdateMeasures measures;
  const Rate rate = measure_rate(
      bench.seconds, bench.threads,
      [&] {
        replay.sample(sampling, minibatch);
        const std::span<const float> y = networks.targets(minibatch);
        networks.update_critic(minibatch, y, measures);
        networks.update_actor(minibatch, measures);
        networks.update_targets();
      },
      rounds);
  flops = update_flops(networks.actor.network, networks.critic.network, c.options.batch_size);
  return rate;
}

BenchmarkResult benchmark_update(const UpdateCase& c, const BenchmarkOptions& bench) {
  double flops = 0;
  const Rate rate = update_rate(c, bench, flops);
  return {c.name,
          bench.threads,
          {{"updates_per_second", rate.per_second},
           {"mflop_per_update", flops / 1e6},
           {"gflops", rate.per_second * flops / 1e9},
           {"ceiling_gflops", rate.ceiling_gflops},
           {"share", rate.per_ceiling * flops / 1e9}}};
}

BenchmarkResult benchmark_act(const std::string& name, const BenchmarkOptions& bench) {
  RandomStream random(0, "initialisation");
  Policy::Content content;
  content.shape = actor_shape(sized({256, 256}, 1), box(17, 6));
  const Network network(content.shape);
  content.tensors = network.tensors(network.initialise(random, 0));
  content.action_low = box(17, 6).action_low;
  content.action_high = box(17, 6).action_high;
  Policy policy(content);
  std::vector<double> observation(17, 0.1);
  std::vector<float> action(6);
  const Rate rate = measure_rate(bench.seconds, 0, [&] {
    for (int i = 0; i < 100; i++) policy.act(observation, action);
  });
  return {name, 1, {{"microseconds", 1e6 / (100 * rate.per_second)}, {"actions_per_second", 100 * rate.per_second}}};
}

BenchmarkResult benchmark_environment(const std::string& name, const std::string& environment_name,
                                      const BenchmarkOptions& bench) {
  const std::unique_ptr<Environment> environment = make_environment(environment_name);
  const Specification& s = environment->specification();
  RandomStream random(0, "environment");
  std::vector<double> observation(static_cast<std::size_t>(s.observation_size));
  std::vector<float> actions;  // drawn beforehand
  constexpr std::size_t kActions = 1000;
  for (std::size_t i = 0; i < kActions; i++)
    for (std::size_t d = 0; d < s.action_low.size(); d++)
      actions.push_back(static_cast<float>(random.uniform(s.action_low[d], s.action_high[d])));
  environment->reset(random, observation);
  const auto size = static_cast<std::size_t>(s.action_size());
  const Rate rate = measure_rate(bench.seconds, 0, [&] {
    for (std::size_t i = 0; i < kActions; i++) {
      const StepResult result = environment->step({actions.data() + i * size, size}, observation);
      if (result.terminated || result.truncated) environment->reset(random, observation);
    }
  });
  return {name, 1, {{"steps_per_second", kActions * rate.per_second}}};
}

BenchmarkResult benchmark_replay(const std::string& name, const BenchmarkOptions& bench) {
  constexpr std::int64_t kTransitions = 1'000'000;
  constexpr int kBatch = 256;
  Replay replay(17, 6, kTransitions);
  fill(replay, 17, 6, kTransitions);
  Minibatch minibatch(kBatch, 17, 6);
  RandomStream random(0, "sampling");
  const Rate rate = measure_rate(bench.seconds, 0, [&] { replay.sample(random, minibatch); });
  return {name, 1, {{"microseconds", 1e6 / rate.per_second}, {"samples_per_second", kBatch * rate.per_second}}};
}

// Training itself, end to end on one task, against the update alone: what the loop around it costs.
BenchmarkResult benchmark_training(const std::string& name, const BenchmarkOptions& bench) {
  Options options = find_preset("default").options;
  options.environment = "Pendulum-v1";
  options.warmup_steps = options.learning_starts = options.batch_size;
  options.replay_capacity = 100'000;
  options.threads = bench.threads;
  Algorithm algorithm(options, make_environment(options.environment));
  while (algorithm.steps() < 2 * options.batch_size) algorithm.step();
  // in turns, so that both meet the machine in the same moods; the share is the median turn's
  constexpr int kTurns = 11, kRoundsOfTurn = 5;  // a round has some hundred steps
  BenchmarkOptions turn = bench;
  turn.seconds = bench.seconds / kTurns;
  Rate rate, alone;
  double flops = 0;
  std::vector<double> shares;
  const auto keep_better = [](Rate& best, const Rate& found) {
    if (found.per_second > best.per_second) best = found;
  };
  for (int i = 0; i < kTurns; i++) {
    const Rate training = measure_rate(
        turn.seconds, turn.threads, [&] { algorithm.step(); }, kRoundsOfTurn);
    const Rate updates = update_rate({name, 3, 1, options}, turn, flops, kRoundsOfTurn);
    shares.push_back(training.per_second / updates.per_second);
    keep_better(rate, training);
    keep_better(alone, updates);
  }
  std::nth_element(shares.begin(), shares.begin() + kTurns / 2, shares.end());
  return {name,
          bench.threads,
          {{"steps_per_second", rate.per_second},
           {"updates_per_second_alone", alone.per_second},
           {"share_of_updates_alone", shares[kTurns / 2]},
           {"gflops", rate.per_second * flops / 1e9},
           {"ceiling_gflops", rate.ceiling_gflops},
           {"share", rate.per_ceiling * flops / 1e9}}};
}

// What a process occupies that trains on a full replay buffer.
BenchmarkResult benchmark_memory(const std::string& name) {
  constexpr std::int64_t kTransitions = 1'000'000;
  const Options options = sized({256, 256}, 256);
  RandomStream random(0, "initialisation"), sampling(0, "sampling");
  ActorCritic networks(options, box(17, 6), random, Compute{});
  Replay replay(17, 6, kTransitions);
  fill(replay, 17, 6, kTransitions);
  Minibatch minibatch(options.batch_size, 17, 6);
  UpdateMeasures measures;
  replay.sample(sampling, minibatch);
  networks.update_critic(minibatch, networks.targets(minibatch), measures);
  networks.update_actor(minibatch, measures);
  return {name, 1, {{"resident_megabytes", static_cast<double>(resident_memory()) / 1e6}}};
}

}  // namespace

std::vector<BenchmarkResult> run_benchmarks(const BenchmarkOptions& options) {
  std::vector<BenchmarkResult> results;
  std::vector<std::string> names;
  const auto run = [&](const std::string& name, const auto& benchmark) {
    names.push_back(name);
    if (name.find(options.filter) == std::string::npos) return;
    results.push_back(benchmark());
    if (options.report) options.report(results.back());
  };
  run("memory/17-6/1000000/256x256", [&] { return benchmark_memory("memory/17-6/1000000/256x256"); });  // before others
  for (const UpdateCase& c : update_cases()) run(c.name, [&] { return benchmark_update(c, options); });
  run("train/Pendulum-v1/default", [&] { return benchmark_training("train/Pendulum-v1/default", options); });
  run("act/17-256-256-6", [&] { return benchmark_act("act/17-256-256-6", options); });
  for (const char* environment : {"Pendulum-v1", "MountainCarContinuous-v0", "LinearQuadratic-v0"}) {
    const std::string name = std::string("environment/") + environment;
    run(name, [&] { return benchmark_environment(name, environment, options); });
  }
  run("replay/17-6/1000000/batch256", [&] { return benchmark_replay("replay/17-6/1000000/batch256", options); });
  if (results.empty()) {
    throw UsageError(fmt::format("--filter {}: no benchmark has this in its name; there are {}", options.filter,
                                 fmt::join(names, ", ")));
  }
  return results;
}

}  // namespace ddpg
