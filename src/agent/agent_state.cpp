// An agent's whole state in a snapshot and out of it. The names are those of docs/checkpoints.md.
#include <algorithm>
#include <string>

#include "agent/agent_core.h"
#include "ddpg/error.h"

namespace ddpg {

void AgentCore::exchange(Snapshot& snapshot, bool with_replay) {
  exchange_learnt(snapshot);
  if (snapshot.restores()) check_counts();
  exchange_buffer(snapshot, with_replay);
}

void AgentCore::resume_episode(int actor, std::span<const double> observation) {
  collector_.resume_episode(actor, observation);
  if (refills_) replay_.begin_episode(collector_.stored(observation), actor);
}

// The sampler's priorities are of the transitions in the buffer, and go with them.
void AgentCore::exchange_buffer(Snapshot& snapshot, bool with_replay) {
  if (!snapshot.restores() && !with_replay) return;
  if (snapshot.restores() && !snapshot.has("replay.end")) return refill_replay();
  snapshot.inside("sampler", [&] { learner_.exchange_sampler(snapshot); });
  snapshot.inside("replay", [&] { replay_.exchange(snapshot); });
}

// Only where it was moved: else the options say it.
void AgentCore::exchange_dues(Snapshot& snapshot) {
  const bool moved = updates_before_ > 0 || learning_from_ != steps_before_learning(options_);
  if (snapshot.restores() ? !snapshot.has("learning_from") : !moved) return;
  snapshot.value("learning_from", learning_from_);
  snapshot.value("updates_before", updates_before_);
}

void AgentCore::exchange_learnt(Snapshot& snapshot) {
  snapshot.value("step", steps_);
  learner_.exchange_counters(snapshot);
  snapshot.value("episodes", episodes_);
  if (snapshot.restores() ? snapshot.has("breakdowns") : breakdowns_ > 0) snapshot.value("breakdowns", breakdowns_);
  if (snapshot.restores() ? snapshot.has("offline_updates") : options_.offline_updates > 0)
    snapshot.value("offline_updates", updates_beside_);
  exchange_dues(snapshot);
  snapshot.inside("measures", [&] { measures_.exchange(snapshot); });
  snapshot.inside("metrics", [&] { metrics_.exchange(snapshot); });
  learner_.exchange(snapshot);
  collector_.exchange_normalisers(snapshot);
  exchange_assessment(snapshot);
  snapshot.inside("scale", [&] { scale_.exchange(snapshot); });
}

void AgentCore::check_counts() const {
  constexpr std::int64_t kMost = 1'000'000'000'000'000;  // as Options::steps
  const bool sound = steps_ >= 0 && steps_ < kMost && episodes_ >= 0 && episodes_ < kMost && updates_beside_ >= 0 &&
                     breakdowns_ >= 0 && learning_from_ >= 0 && learning_from_ < kMost && updates_before_ >= 0 &&
                     updates_of_due() >= 0 && updates_of_due() <= updates_of_steps();
  if (!sound) throw Error("[training] its steps and updates do not fit together; the checkpoint is damaged");
}

// What the last round and the interval still owe is little. A damaged file may owe so much that learn() would not come
// back; the bound is far above what a training can owe. After an assessment, of episodes of any length, as much is owed
// as was played.
void AgentCore::check_owed() const {
  if (assessed_) return;
  const std::int64_t round = collector_.actors() + options_.update_interval + options_.batch_size;
  if (static_cast<double>(updates_of_steps() - updates_of_due()) >
      10'000 + options_.updates_per_step.sum(std::max<std::int64_t>(steps_ - round, 0), steps_ + round))
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
