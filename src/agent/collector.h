// Lines 4 to 8 of Algorithm 1: what each actor sees and what it does, a = mu(s) + N, or uniform while it warms up.
// An actor is one instance of the world. It needs the weights of mu, a value, and nothing else of the
// learner. Not here: storing (agent_core.h), learning (learner.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "agent/exploration.h"
#include "agent/mu.h"
#include "agent/normaliser.h"
#include "agent/reward_normaliser.h"
#include "ddpg/environment.h"
#include "nn/action_bounds.h"
#include "nn/passes.h"

namespace ddpg {

// An observation as networks see it; `normaliser` may be null.
void load(const Normaliser* normaliser, std::span<const double> observation, Panels row);

class Collector {
 public:
  // Options must be valid. Actor i draws from RandomStream(options.seed, "exploration", i). `rung`: of the one actor,
  // where the others that play are elsewhere.
  Collector(const Options& options, const Specification& specification, int actors, Compute compute,
            std::optional<Rung> rung = {});

  int actors() const { return static_cast<int>(actors_.size()); }

  // An episode of that actor begins with `observation`, and with noise that begins anew.
  void begin_episode(int actor, std::span<const double> observation);
  // It continues from `observation`, which was seen before: as after a checkpoint.
  void resume_episode(int actor, std::span<const double> observation);
  void end_episode(int actor);

  // actions [actors.size(), action_size]: what each of them does, in one forward pass. `steps`: environment steps done
  // so far. An action belongs to the step after these and after the actions whose results are still to come.
  void act(std::span<const int> actors, std::int64_t steps, const PolicyWeights& mu, std::span<float> actions);
  // What followed.
  void observe(int actor, const StepResult& result, std::span<const double> next_observation);

  // Takes the first observation of an episode, or a step, into the statistics of the normalisers. Actor actors(), one
  // beyond the last, stands for data that no actor lived.
  void learn_first(int actor, std::span<const double> observation);
  void learn_step(int actor, double reward, std::span<const double> next_observation);

  std::span<const double> observation(int actor) const { return at(actor).observation; }  // the last one
  bool playing(int actor) const { return at(actor).playing; }
  bool played(int actor) const { return at(actor).played; }
  double episode_return(int actor) const { return at(actor).episode_return; }  // so far
  std::int64_t steps(int actor) const { return at(actor).steps; }
  double sigma(std::int64_t step) const { return actors_[0].exploration.sigma(step); }  // of the noise

  // The observation as the networks see it.
  void load(std::span<const double> observation, Panels row) const { ddpg::load(normaliser(), observation, row); }
  // And as the replay buffer keeps it; valid until the next call.
  std::span<const double> stored(std::span<const double> observation) {
    return normaliser_ ? normaliser_->from_origin(observation) : observation;
  }
  const Normaliser* normaliser() const { return normaliser_ ? &*normaliser_ : nullptr; }
  const RewardNormaliser* reward_normaliser() const { return reward_normaliser_ ? &*reward_normaliser_ : nullptr; }
  // What a reward of 1 to the critic is in the environment's unit.
  double unit_of_rewards() const { return reward_normaliser_ ? reward_normaliser_->deviation() : 1; }
  const ActionBounds& bounds() const { return bounds_; }

  void exchange_normalisers(Snapshot& snapshot);
  // Takes what another training learnt of the size of things. Before the first episode.
  void take_normalisers(Snapshot& snapshot);
  void take_normaliser(std::span<const double> mean, std::span<const double> deviation, std::int64_t count);
  // That actor's state but for its observation and whether it plays, which resume_episode() puts back.
  void exchange_actor(Snapshot& snapshot, int actor);
  // Its observation and whether it plays, where no environment knows them.
  void exchange_episode(Snapshot& snapshot, int actor);

 private:
  struct Actor {
    RandomStream random;
    Exploration exploration;
    std::vector<double> observation;
    double episode_return = 0;
    std::int64_t steps = 0;
    bool playing = false;  // an episode is under way
    bool played = false;   // it has a step
    bool acting = false;   // its action is under way: what followed is not known yet
  };

  Actor& at(int actor) { return actors_[static_cast<std::size_t>(actor)]; }
  const Actor& at(int actor) const { return actors_[static_cast<std::size_t>(actor)]; }
  void act(Actor& actor, std::int64_t step, ConstPanels u /* [1, action_size] */, std::span<float> action);
  void act_randomly(Actor& actor, std::span<float> action) const;
  void set_acting(Actor& actor, bool acting);

  std::int64_t warmup_steps_;
  double random_chance_;
  ActionBounds bounds_;
  Compute compute_;
  Mu mu_;
  std::optional<Normaliser> normaliser_;
  std::optional<RewardNormaliser> reward_normaliser_;
  std::vector<Actor> actors_;
  std::int64_t acting_ = 0;  // how many actors act now
  std::vector<double> noise_;
  PanelMatrix observations_;  // [actors, observation_size], for acting
};

}  // namespace ddpg
