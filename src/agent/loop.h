// An agent, and whoever plays for it: what a training needs of the two. Algorithm (algorithm.h) plays in this process,
// FreePlayers (src/actors/free_players.h) has others play.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "agent/agent_core.h"
#include "ddpg/error.h"
#include "ddpg/vector_environment.h"

namespace ddpg {

// Nobody is left to play; what was learnt is whole.
class OutOfPlayers : public Error {
 public:
  using Error::Error;
};

class Loop {
 public:
  virtual ~Loop() = default;

  // Some steps of the environments, `most` or fewer, with the updates that are due after them. Throws Error when a
  // number stops being finite. When `*stop` becomes true, updates that are due stay owed.
  virtual void step(std::int64_t most, const std::atomic<bool>* stop) = 0;
  // Transitions that step() stores at most.
  virtual std::int64_t most_of_a_step() const { return agent_->collector().actors(); }
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
  virtual void measure(Progress& progress) { agent_->measure(progress); }
  virtual void start_new_sums() { agent_->start_new_sums(); }

  // Other processes that play on their own.
  virtual int players() const { return 0; }
  // Whether the first copy stands at the start of an episode: its last step ended one, or it has not made one.
  virtual bool between_episodes() const = 0;
  // The first copy's environment, for something else than training. restart() must follow.
  virtual Environment& environment() = 0;
  // Its episode begins anew.
  virtual void restart() = 0;

  // Between two steps: continues with these options, which make the same agent but for how it learns. `copies`: other
  // environments in place of those there were, of the same sizes and bounds; their episodes begin anew. Empty: the same
  // ones. Throws UsageError.
  virtual void change(const Options& options, VectorEnvironment::Copies copies) = 0;

  // Between two steps: everything that the next ones depend on, but for the settled rows of the replay buffer.
  virtual void exchange(Snapshot& snapshot) = 0;

  // What happened to those who play, since it was last asked; "": nothing to speak of.
  virtual std::string take_warning() { return {}; }

 protected:
  std::unique_ptr<AgentCore> agent_;  // with an actor for each copy of the task
};

}  // namespace ddpg
