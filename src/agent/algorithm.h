// Algorithm 1 of Lillicrap et al. 2015: an agent, and the environments that it acts in. Start reading in algorithm.cpp.
#pragma once

#include <atomic>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "agent/agent_core.h"
#include "ddpg/vector_environment.h"

namespace ddpg {

// Whether what was learnt on the one task can be learnt on with the other. Throws UsageError.
void check_same_sizes(const Specification& before, const Specification& now);

class Algorithm {
 public:
  // Options must be valid, each of the options.environments environments keep its time limit. `kernels` null: the
  // fastest of this processor. When `*stop` becomes true the constructor throws Interrupted. `prepare` is called before
  // the first episodes begin.
  Algorithm(const Options& options, VectorEnvironment::Copies environments, const Kernels* kernels = nullptr,
            const std::atomic<bool>* stop = nullptr, const std::function<void(AgentCore&)>& prepare = nullptr);
  // The same with one environment.
  Algorithm(const Options& options, std::unique_ptr<Environment> environment, const Kernels* kernels = nullptr);

  // A round: one step in each environment, or in the first `most` of them, with the updates that are due after it (with
  // options.overlap: after the round before it). Throws Error when a number stops being finite. When `*stop` becomes
  // true, updates that are due after the round stay owed.
  void step(std::int64_t most = std::numeric_limits<std::int64_t>::max(), const std::atomic<bool>* stop = nullptr);
  // The updates of options.offline_updates that are not done yet, before the first step. False: `*stop` became true.
  bool learn_offline(const std::atomic<bool>* stop = nullptr) { return agent_->learn_offline(stop); }
  // The updates that are due by now. With options.overlap those of the last round wait for the next; at the end of a
  // training they must be asked for. False: `*stop` became true, and the rest stays owed.
  bool learn(const std::atomic<bool>* stop = nullptr);

  std::int64_t steps() const { return agent_->steps(); }  // of single environments
  std::int64_t updates() const { return agent_->updates(); }
  std::int64_t episodes() const { return agent_->episodes(); }
  const ActorCritic& networks() const { return agent_->networks(); }
  const Replay& replay() const { return agent_->replay(); }
  Replay& replay() { return agent_->replay(); }
  Policy policy(const Provenance& provenance) const { return agent_->policy(provenance); }
  double value(std::span<const double> observation, std::span<const float> action) {
    return agent_->value(observation, action);
  }
  void measure(Progress& progress) { agent_->measure(progress); }
  void start_new_sums() { agent_->start_new_sums(); }

  // Whether the first copy stands at the start of an episode: its last step ended one, or it has not made one.
  bool between_episodes() const;
  // The first copy's environment, for something else than training. restart() must follow.
  Environment& environment() { return environments_.environment(0); }
  // Its episode begins anew.
  void restart();

  // Between two rounds: goes on with these options, which make the same agent but for how it learns. `copies`: other
  // environments in place of those there were, of the same sizes and bounds; their episodes begin anew. Empty: the same
  // ones. Throws UsageError.
  void change(const Options& options, VectorEnvironment::Copies copies);

  // Between two rounds: everything that the next ones depend on, but for the settled rows of the replay buffer
  // (algorithm_state.cpp).
  void exchange(Snapshot& snapshot);

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
  std::unique_ptr<AgentCore> agent_;   // with an actor for each of them
  std::vector<int> actors_;            // 0, 1, ...
  std::size_t size_;                   // of an action
  std::vector<float> actions_;         // [actors, action_size]
  std::vector<EpisodeMeans> metrics_;  // [actors]: of the task's metrics in the episode under way
};

}  // namespace ddpg
