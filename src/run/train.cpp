// The life of a training: evaluate, step, report, until the last step or until told to stop. What a step is:
// agent/algorithm.cpp.
#include "ddpg/train.h"

#include <chrono>
#include <string>

#include "agent/algorithm.h"
#include "ddpg/error.h"
#include "ddpg/version.h"
#include "run/evaluation.h"
#include "support/machine.h"

namespace ddpg {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Has a multiple of the interval been reached or passed since `before`?
bool due(std::int64_t interval, std::int64_t before, std::int64_t step) {
  return interval > 0 && step / interval > before / interval;
}

VectorEnvironment::Copies make_copies(const Options& options) {
  VectorEnvironment::Copies copies;
  for (int i = 0; i < options.environments; i++) copies.push_back(make_environment(options.environment, options.env));
  return copies;
}

// Weights, target, gradient and two moments of each network, and a minibatch's activations with their gradients; a
// little is left out.
std::size_t network_bytes(const Options& options, const Specification& specification) {
  std::size_t floats = 0;
  for (const NetworkShape& shape : {actor_shape(options, specification), critic_shape(options, specification)}) {
    const Network network(shape);
    floats += 5 * network.buffer_size();
    for (const DenseLayout& layer : network.layers())
      floats += 2 * static_cast<std::size_t>(options.batch_size) * static_cast<std::size_t>(padded(layer.out));
  }
  return floats * sizeof(float);
}

void check_memory(const Options& options, const Specification& specification, std::size_t replay_bytes) {
  const std::size_t available = available_memory();
  const std::size_t networks = network_bytes(options, specification);
  if (available == 0 || replay_bytes + networks <= available) return;
  throw Error("[memory] replay_capacity = " + std::to_string(options.replay_capacity) + " needs " +
              std::to_string(replay_bytes) + " bytes and the networks with a minibatch " + std::to_string(networks) +
              ", and this machine has " + std::to_string(available) + " available; lower " +
              (networks > replay_bytes ? "actor.hidden, critic.hidden or batch_size" : "replay_capacity"));
}

class Training {
 public:
  Training(const Options& options, const std::vector<Observer*>& observers)
      : options_(options),
        observers_(observers),
        evaluation_environment_(make_environment(options.environment, options.env)) {
    const Specification& specification = evaluation_environment_->specification();
    start_.options = options_;
    start_.specification = specification;
    start_.replay_bytes = Replay::size_in_bytes(specification.observation_size, specification.action_size(),
                                                options_.replay_capacity, options_.environments);
    check_memory(options_, specification, start_.replay_bytes);
    algorithm_.emplace(options_, make_copies(options_));
    start_.actor_parameters = algorithm_->networks().actor.network.parameter_count();
    start_.critic_parameters = algorithm_->networks().critic.network.parameter_count();
    start_.kernels = best_kernels().name;
  }

  TrainingResult run(const std::atomic<bool>* stop) {
    const auto stopped = [stop] { return stop && stop->load(std::memory_order_relaxed); };
    for (Observer* observer : observers_) observer->started(start_);
    report(options_.evaluation_episodes > 0);
    summary_.before = last_evaluation_;
    bool interrupted = stopped();
    while (algorithm_->steps() < options_.steps && !interrupted) {
      const std::int64_t before = algorithm_->steps();
      algorithm_->step(options_.steps - before);
      const std::int64_t step = algorithm_->steps();
      for (Observer* observer : observers_) observer->stepped(step);
      interrupted = step < options_.steps && stopped();  // asked once a round, so that the last row is never left out
      const bool last = step == options_.steps || interrupted;
      // what overlap still owes; after an interruption it stays owed, so that the training could go on as if nothing
      // had happened
      if (step == options_.steps) algorithm_->learn();
      const bool evaluates =
          options_.evaluation_episodes > 0 && (last || due(options_.evaluation_interval, before, step));
      if (evaluates || last || due(options_.log_interval, before, step)) report(evaluates);
    }
    return end(interrupted ? Outcome::interrupted : Outcome::finished);
  }

 private:
  // One progress row, with an evaluation when it is due.
  void report(bool evaluates) {
    Progress progress;
    algorithm_->take_measures(progress);
    const double learning = seconds_since(segment_start_);
    learning_seconds_ += learning;
    if (progress.step > last_step_ && learning > 0) {
      progress.steps_per_second = static_cast<double>(progress.step - last_step_) / learning;
      progress.updates_per_second = static_cast<double>(progress.updates - last_updates_) / learning;
    }
    last_step_ = progress.step;
    last_updates_ = progress.updates;
    Policy policy = current_policy();
    if (evaluates) {
      progress.evaluation = last_evaluation_ = evaluate_with_value(
          policy, *evaluation_environment_, options_.evaluation_episodes, options_.seed, evaluations_++,
          options_.discount,
          [this](std::span<const double> s, std::span<const float> a) { return algorithm_->value(s, a); });
      policy = current_policy();
    }
    progress.seconds = seconds_since(run_start_);
    for (Observer* observer : observers_) observer->progressed(progress, policy);
    segment_start_ = Clock::now();
  }

  Policy current_policy() const {
    return algorithm_->policy({options_.environment, options_.env, options_.preset, options_.seed, algorithm_->steps(),
                               last_evaluation_.mean_return, kVersion});
  }

  TrainingResult end(Outcome outcome) {
    summary_.outcome = outcome;
    summary_.steps = algorithm_->steps();
    summary_.updates = algorithm_->updates();
    summary_.episodes = algorithm_->episodes();
    summary_.seconds = seconds_since(run_start_);
    summary_.steps_per_second = learning_seconds_ > 0 ? static_cast<double>(summary_.steps) / learning_seconds_ : 0;
    summary_.after = last_evaluation_;
    Policy policy = current_policy();
    for (Observer* observer : observers_) observer->ended(summary_, policy);
    return {summary_, std::move(policy)};
  }

  Options options_;
  std::vector<Observer*> observers_;
  std::unique_ptr<Environment> evaluation_environment_;
  std::optional<Algorithm> algorithm_;
  RunStart start_;
  Summary summary_;
  Evaluation last_evaluation_;
  std::uint64_t evaluations_ = 0;
  std::int64_t last_step_ = 0, last_updates_ = 0;
  double learning_seconds_ = 0;
  Clock::time_point run_start_ = Clock::now(), segment_start_ = run_start_;
};

}  // namespace

TrainingResult train(const Options& options, const std::vector<Observer*>& observers, const std::atomic<bool>* stop) {
  Options resolved = options;
  validate(resolved);
  if (resolved.steps == 0) resolved.steps = find_environment(resolved.environment).suggested_steps;
  return Training(resolved, observers).run(stop);
}

}  // namespace ddpg
