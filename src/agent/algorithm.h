// Algorithm 1 of Lillicrap et al. 2015: an agent, and the environments that it acts in. Start reading in algorithm.cpp.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "agent/loop.h"
#include "ddpg/vector_environment.h"

namespace ddpg {

// Whether what was learnt on the one task can be learnt on with the other. Throws UsageError.
void check_same_sizes(const Specification& before, const Specification& now);

class Algorithm final : public Loop {
 public:
  // Options must be valid, each of the options.environments environments keep its time limit. `kernels` null: the
  // fastest of this processor. When `*stop` becomes true the constructor throws Interrupted. `prepare` is called before
  // the first episodes begin.
  Algorithm(const Options& options, VectorEnvironment::Copies environments, const Kernels* kernels = nullptr,
            const std::atomic<bool>* stop = nullptr, const std::function<void(AgentCore&)>& prepare = nullptr);
  // The same with one environment.
  Algorithm(const Options& options, std::unique_ptr<Environment> environment, const Kernels* kernels = nullptr);

  // A round: one step in each environment, or in the first `most` of them, with the updates that are due after it (with
  // options.overlap: after the round before it).
  void step(std::int64_t most = AgentCore::kAll, const std::atomic<bool>* stop = nullptr) override;

  bool between_episodes() const override;
  Environment& environment() override { return environments_.environment(0); }
  void restart() override;
  void change(const Options& options, VectorEnvironment::Copies copies) override;
  void exchange(Snapshot& snapshot) override;  // algorithm_state.cpp

 private:
  void execute(int actors);
  void begin_episode(int actor);
  void observe(int actor);
  void take_metrics(int actor, const StepResult& result, bool ended);
  void exchange_actor(Snapshot& snapshot, int actor);

  // The actions of the first so many actors, and of one.
  std::span<float> actions(int actors) { return std::span(actions_).first(static_cast<std::size_t>(actors) * size_); }
  std::span<float> action(int actor) {
    return std::span(actions_).subspan(static_cast<std::size_t>(actor) * size_, size_);
  }

  // What the world gets wrong (algorithm_errors.cpp).
  void check_observation(int actor, std::int64_t step, std::span<const double> observation) const;
  void check_reward(int actor, std::int64_t step, double reward) const;
  [[noreturn]] void fail_environment(int actor, std::int64_t step, const std::string& what, double value) const;
  [[noreturn]] void rethrow_of_environment() const;

  Compute compute() const { return {kernels_, pool_.get()}; }

  bool overlap_;
  bool keeps_replay_;  // in checkpoints
  const Kernels* kernels_;
  std::unique_ptr<ThreadPool> pool_;  // for what is computed; the environments have threads of their own
  VectorEnvironment environments_;
  std::vector<int> actors_;            // 0, 1, ...
  std::size_t size_;                   // of an action
  std::vector<float> actions_;         // [actors, action_size]
  std::vector<EpisodeMeans> metrics_;  // [actors]: of the task's metrics in the episode under way
};

}  // namespace ddpg
