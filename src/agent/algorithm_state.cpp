// A training's whole state in a snapshot and out of it: the agent's (agent_state.cpp), and where each environment
// stands.
#include <string>
#include <vector>

#include "agent/algorithm.h"
#include "agent/exchange_stream.h"
#include "ddpg/error.h"

namespace ddpg {

void Algorithm::exchange(Snapshot& snapshot) {
  if (snapshot.restores() && snapshot.has("players"))
    throw UsageError(
        "[resume] in this run other processes play on their own: resume it as it was trained, --actors mpi");
  agent_->exchange(snapshot, keeps_replay_);
  if (snapshot.restores()) agent_->check_owed();
  for (const int actor : actors_)
    snapshot.inside("copies." + std::to_string(actor), [&] { exchange_actor(snapshot, actor); });
}

// An environment that does not offer its state begins a new episode: the old one is cut, as by a time limit. One that
// has not made a step stands where it stood.
void Algorithm::exchange_actor(Snapshot& snapshot, int actor) {
  agent_->exchange_actor(snapshot, actor);
  exchange_stream(snapshot, "environment_random", environments_.random(actor));
  snapshot.inside("metrics", [&] { metrics_[static_cast<std::size_t>(actor)].exchange(snapshot); });
  std::vector<double> state;
  if (!snapshot.restores()) state = environments_.save_state(actor);
  snapshot.list("environment", state);
  if (!snapshot.restores()) return;
  if (agent_->steps() == 0 || environments_.restore_state(actor, state))
    return agent_->resume_episode(actor, environments_.observation(actor));
  agent_->cut_episode(actor);
  metrics_[static_cast<std::size_t>(actor)].clear();
  begin_episode(actor);
}

}  // namespace ddpg
