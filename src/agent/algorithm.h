// Algorithm 1 of Lillicrap et al. 2015. Start reading in algorithm.cpp.
#pragma once

#include <limits>
#include <memory>
#include <optional>

#include "agent/actor_critic.h"
#include "agent/exploration.h"
#include "agent/normaliser.h"
#include "ddpg/observer.h"
#include "ddpg/policy.h"
#include "ddpg/vector_environment.h"

namespace ddpg {

// Sums over the updates and episodes since the last take().
struct Measures {
  std::int64_t updates = 0, finished_episodes = 0;
  UpdateMeasures sums;
  double return_sum = 0;
};

class Algorithm {
 public:
  // Options must be valid, each of the options.environments environments keep its time limit. `kernels` null: the
  // fastest of this processor. What is learnt is right with each way of reset; a training uses same_step.
  Algorithm(const Options& options, VectorEnvironment::Copies environments, const Kernels* kernels = nullptr,
            Autoreset autoreset = Autoreset::same_step);
  // The same with one environment.
  Algorithm(const Options& options, std::unique_ptr<Environment> environment, const Kernels* kernels = nullptr);

  // A round: one step in each copy of the environment, or in the first `most` of them, with the updates that are due
  // after it (with options.overlap: after the round before it). Throws Error when a number stops being finite.
  void step(std::int64_t most = std::numeric_limits<std::int64_t>::max());
  // The updates that are due by now. With options.overlap those of the last round wait for the next; at the end of a
  // training they must be asked for.
  void learn();

  std::int64_t steps() const { return step_; }  // of single environments
  std::int64_t updates() const { return updates_; }
  std::int64_t episodes() const { return episodes_; }
  const ActorCritic& networks() const { return networks_; }
  const Replay& replay() const { return replay_; }

  Policy policy(const Provenance& provenance) const;
  // Q(s, a) as the online critic sees it now.
  double value(std::span<const double> observation, std::span<const float> action);
  // Fills the training columns of a progress row and starts new sums.
  void take_measures(Progress& progress);

  // Between two rounds: everything that the next ones depend on, but for the settled rows of the replay buffer
  // (algorithm_state.cpp).
  void exchange(Snapshot& snapshot);
  Replay& replay() { return replay_; }

 private:
  // What belongs to a copy of the environment, beside the copy.
  struct Copy {
    RandomStream random;  // of its exploration
    Exploration exploration;
    double episode_return = 0;
    std::int64_t steps = 0;
  };

  void exchange_copy(Snapshot& snapshot, int copy);
  void check_counts() const;
  void begin_episode(int copy);
  void select_actions(int copies);
  void select_action(int copy, std::int64_t step, ConstPanels u);
  void execute(std::span<const float> actions);
  void store(int copy);
  std::int64_t updates_due() const;
  std::int64_t updates_of_steps() const;
  void update();

  std::size_t action_size() const { return static_cast<std::size_t>(specification_.action_size()); }
  std::span<const float> actions(int copies) const {  // of the first copies
    return std::span(actions_).first(static_cast<std::size_t>(copies) * action_size());
  }
  std::span<float> action(int copy) {
    return std::span(actions_).subspan(static_cast<std::size_t>(copy) * action_size(), action_size());
  }

  void check_observation(int copy, std::span<const double> observation) const;
  void check_reward(int copy, double reward) const;
  void check_update(const UpdateMeasures& measures) const;
  void check_networks(const Progress& progress);
  [[noreturn]] void fail_environment(int copy, const std::string& what, double value) const;
  [[noreturn]] void rethrow_of_environment() const;
  [[noreturn]] void fail_training(const std::string& what, double value) const;
  void load_observation(std::span<const double> observation, Panels row) const;
  void add_checks(Policy::Content& content) const;
  void add_check(Policy::Content& content, int r, std::span<const float> observations, ConstPanels u) const;

  Options options_;
  std::unique_ptr<ThreadPool> pool_, physics_pool_;  // for what is computed; for physics that is overlapped with it
  VectorEnvironment environments_;
  Specification specification_;
  ActionBounds bounds_;

  RandomStream sampling_random_, initial_random_;
  ActorCritic networks_;
  Replay replay_;
  std::vector<Copy> copies_;
  std::optional<Normaliser> normaliser_;
  Minibatch minibatch_;

  std::int64_t step_ = 0, updates_ = 0, episodes_ = 0;
  std::vector<float> actions_;  // [copies, action_size]
  std::vector<double> noise_;
  Measures measures_;

  PanelMatrix observations_;                  // [copies, observation_size], for acting
  PanelMatrix one_observation_, one_action_;  // rows of 1, for value()
  Trace acting_trace_, value_trace_;
};

}  // namespace ddpg
