// What an update costs in arithmetic, and how it is run by itself.
#include "bench/updates.h"

#include <algorithm>

#include "bench/measure.h"

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
  std::size_t joined = 0;
  while (critic.layers()[joined].in1 == 0) joined++;
  double sum = static_cast<double>(critic.layers()[joined].in1) * critic.layers()[joined].out;
  for (std::size_t n = joined + 1; n < critic.layers().size(); n++)
    sum += static_cast<double>(critic.layers()[n].in0) * critic.layers()[n].out;
  return sum;
}

// What an encoder adds: its own step, and what actor and critics read.
double encoder_step_macs(const Encoder& encoder) {
  const Network &f = encoder.f.network, &g = encoder.g.network;
  const double to_embedding = static_cast<double>(g.layers()[0].in0) * g.layers()[0].out;
  return 2 * forward_macs(f) + backward_macs(f) + forward_macs(g) + backward_macs(g) + to_embedding;
}
double embedding_macs(const Encoder& encoder) {
  return forward_macs(encoder.f.network) + forward_macs(encoder.g.network);
}

// From a critic's output down to what leads to the action: z_sa, and the action itself.
double inputs_macs(const Network& critic, int embedding, int actions) {
  double sum = static_cast<double>(actions) * critic.layers()[0].out;
  for (std::size_t n = 1; n < critic.layers().size(); n++)
    sum += static_cast<double>(critic.layers()[n].in0 + (critic.layers()[n].in1 > 0 ? embedding : 0)) *
           critic.layers()[n].out;
  return sum;
}

}  // namespace

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

Options sized(std::vector<int> hidden, int batch_size) {
  Options options;
  options.actor.hidden = options.critic.hidden = std::move(hidden);
  options.batch_size = batch_size;
  return options;
}

namespace {

constexpr std::int64_t kTransitions = 100'000;

// TD3's additions on the sizes of another row, so that the two can be compared.
Options as_td3(Options options) {
  const Options td3 = find_preset("td3").options;
  options.critic.count = td3.critic.count;
  options.critic.aggregate = td3.critic.aggregate;
  options.target = td3.target;
  options.actor.period = td3.actor.period;
  return options;
}

Options with(Priority priority, Options options) {
  options.replay.priority = priority;
  options.replay_capacity = kTransitions;
  return options;
}

}  // namespace

std::vector<UpdateCase> update_cases() {
  return {{"update/17-6/256x256/batch256", 17, 6, sized({256, 256}, 256)},
          {"update/3-1/64x64/batch100", 3, 1, sized({64, 64}, 100)},
          {"update/17-6/lillicrap2015/batch64", 17, 6, find_preset("lillicrap2015").options},
          {"update/348-17/256x256/batch256", 348, 17, sized({256, 256}, 256)},
          {"update/17-6/1024x1024/batch1024", 17, 6, sized({1024, 1024}, 1024)},
          {"update/17-6/1024x1024/batch32768", 17, 6, sized({1024, 1024}, 32'768)},
          {"update/17-6/256x256/batch256/td3", 17, 6, as_td3(sized({256, 256}, 256))},
          {"update/17-6/256x256/batch256/lap", 17, 6, with(Priority::lap, sized({256, 256}, 256))},
          {"update/17-6/256x256/batch256/per", 17, 6, with(Priority::per, sized({256, 256}, 256))},
          {"update/17-6/256x256/batch256/fade", 17, 6, with(Priority::fade, sized({256, 256}, 256))},
          {"update/17-6/d4pg/batch256", 17, 6, find_preset("d4pg").options},
          {"update/17-6/td7/batch256", 17, 6, with(Priority::lap, find_preset("td7").options)}};
}

UpdateLoop::UpdateLoop(const UpdateCase& c, int threads)
    : pool_(threads > 1 ? std::make_unique<ThreadPool>(threads) : nullptr),
      learner_(c.options, box(c.observations, c.actions), Compute{&best_kernels(), pool_.get()}),
      replay_(c.observations, c.actions, kTransitions),
      options_(c.options) {
  fill(replay_, c.observations, c.actions, std::max(20'000, c.options.batch_size));
}

void UpdateLoop::operator()() {
  for (int i = 0; i < updates(); i++) learner_.update(replay_, nullptr, nullptr, measures_);
}

double UpdateLoop::flops() const {
  const Network &actor = learner_.networks().actor.network, &critic = learner_.networks().critic().network;
  const auto critics = static_cast<double>(options_.critic.count);
  const double target = forward_macs(actor) + critics * forward_macs(critic);
  const double critics_step = critics * (forward_macs(critic) + backward_macs(critic));
  const auto climbed = options_.actor.aggregate == Aggregate::first ? 1.0 : critics;
  double actor_step = forward_macs(actor) + backward_macs(actor) + climbed * forward_macs(critic), encoder_step = 0;
  if (const Encoder* encoder = learner_.networks().encoder()) {
    const Network& g = encoder->g.network;
    encoder_step = encoder_step_macs(*encoder) + 2 * embedding_macs(*encoder);
    actor_step +=
        climbed * inputs_macs(critic, g.body().output_size(), g.body().action_size) + forward_macs(g) + action_macs(g);
  } else {
    actor_step += climbed * action_macs(critic);
  }
  return 2.0 * options_.batch_size * (updates() * (target + critics_step + encoder_step) + actor_step);
}

BenchmarkResult benchmark_update(const UpdateCase& c, const BenchmarkOptions& bench) {
  UpdateLoop update(c, bench.threads);
  const MeasuredRate rate = measure_rate({.seconds = bench.seconds, .threads = bench.threads, .ceiling = true}, update);
  const double flops = update.flops();
  return {c.name,
          bench.threads,
          {{"updates_per_second", update.updates() * rate.per_second},
           {"mflop_per_update", flops / 1e6 / update.updates()},
           {"gflops", rate.per_second * flops / 1e9},
           {"ceiling_gflops", rate.ceiling_gflops},
           {"share", rate.per_ceiling * flops / 1e9}}};
}

}  // namespace ddpg
