// An agent's whole state in a snapshot and out of it. The names are those of docs/checkpoints.md.
#include <string>

#include "agent/agent_core.h"
#include "ddpg/error.h"

namespace ddpg {

void AgentCore::exchange(Snapshot& snapshot) {
  snapshot.value("step", steps_);
  learner_.exchange_counters(snapshot);
  snapshot.value("episodes", episodes_);
  snapshot.inside("measures", [&] { measures_.exchange(snapshot); });
  learner_.exchange(snapshot);
  collector_.exchange_normalisers(snapshot);
  exchange_assessment(snapshot);
  snapshot.inside("scale", [&] { scale_.exchange(snapshot); });
  snapshot.inside("replay", [&] { replay_.exchange(snapshot); });
  constexpr std::int64_t kMost = 1'000'000'000'000'000;  // as Options::steps
  const bool sound = steps_ >= 0 && steps_ < kMost && episodes_ >= 0 && episodes_ < kMost && updates_beside_ >= 0 &&
                     updates_of_due() >= 0 && updates_of_due() <= updates_of_steps();
  if (snapshot.restores() && !sound)
    throw Error("[training] its steps and updates do not fit together; the checkpoint is damaged");
}

// What the last round and the interval still owe is little; what would keep learn() busy for ever is no training's. The
// bound is far above what can be owed. After an assessment, of episodes of any length, as much is owed as was played.
void AgentCore::check_owed() const {
  if (assessed_) return;
  const std::int64_t round = collector_.actors() + options_.update_interval + options_.batch_size;
  if (static_cast<double>(updates_of_steps() - updates_of_due()) >
      10'000 + options_.updates_per_step * static_cast<double>(round))
    throw Error("[training] its steps and updates do not fit together; the checkpoint is damaged");
}

void AgentCore::exchange_own_loop(Snapshot& snapshot) {
  snapshot.value("updates_beside", updates_beside_);
  snapshot.list("added", added_);
  for (int actor = 0; actor < collector_.actors(); actor++)
    snapshot.inside("actors." + std::to_string(actor), [&] {
      collector_.exchange_actor(snapshot, actor);
      collector_.exchange_episode(snapshot, actor);
    });
}

}  // namespace ddpg
