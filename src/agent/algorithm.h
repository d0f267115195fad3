// Algorithm 1 of Lillicrap et al. 2015. Start reading in algorithm.cpp.
#pragma once

#include <memory>
#include <optional>

#include "agent/actor_critic.h"
#include "agent/exploration.h"
#include "agent/normaliser.h"
#include "ddpg/observer.h"
#include "ddpg/policy.h"

namespace ddpg {

// Sums over the updates and episodes since the last take().
struct Measures {
  std::int64_t updates = 0, finished_episodes = 0;
  UpdateMeasures sums;
  double return_sum = 0;
};

class Algorithm {
 public:
  // Options must be valid, the environment keep its time limit. `kernels` null: the fastest of this processor.
  Algorithm(const Options& options, std::unique_ptr<Environment> environment, const Kernels* kernels = nullptr);

  // One environment step with the updates that are due after it. Throws Error when a number stops being finite.
  void step();

  std::int64_t steps() const { return step_; }
  std::int64_t updates() const { return updates_; }
  std::int64_t episodes() const { return episodes_; }
  const ActorCritic& networks() const { return networks_; }
  const Replay& replay() const { return replay_; }

  Policy policy(const Provenance& provenance) const;
  // Q(s, a) as the online critic sees it now.
  double value(std::span<const double> observation, std::span<const float> action);
  // Fills the training columns of a progress row and starts new sums.
  void take_measures(Progress& progress);

 private:
  void begin_episode();
  void select_action();
  void store(const StepResult& result);
  std::int64_t updates_due() const;
  void update();

  void check_observation(std::span<const double> observation) const;
  void check_update(const UpdateMeasures& measures) const;
  void check_networks(const Progress& progress);
  [[noreturn]] void fail_environment(const std::string& what, double value) const;
  [[noreturn]] void fail_training(const std::string& what, double value) const;
  void load_observation(std::span<const double> observation, Panels row) const;

  Options options_;
  std::unique_ptr<Environment> environment_;
  Specification specification_;
  std::unique_ptr<ThreadPool> pool_;
  ActionBounds bounds_;

  RandomStream environment_random_, exploration_random_, sampling_random_, initial_random_;
  ActorCritic networks_;
  Replay replay_;
  Exploration exploration_;
  std::optional<Normaliser> normaliser_;
  Minibatch minibatch_;

  std::int64_t step_ = 0, updates_ = 0, episodes_ = 0;
  double episode_return_ = 0;
  std::vector<double> observation_, next_observation_;
  std::vector<float> action_;
  std::vector<double> noise_;
  Measures measures_;

  PanelMatrix one_observation_, one_action_;  // rows of 1, for acting and for value()
  Trace acting_trace_, value_trace_;
};

}  // namespace ddpg
