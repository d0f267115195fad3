// How an agent takes up what another one has, whose options differ: a change in the middle of a training.
#include <algorithm>
#include <string>
#include <utility>

#include "agent/agent_core.h"

namespace ddpg {

void AgentCore::continue_from(AgentCore& before) {
  Snapshot kept;
  before.exchange_learnt(kept);
  before.exchange_own_loop(kept);
  kept.inside("sampler", [&] { before.learner_.exchange_sampler(kept); });
  if (options_.exploration.process != before.options_.exploration.process)  // what another process saves is not its own
    std::erase_if(kept.parts(), [](const SnapshotPart& part) { return part.name.ends_with("exploration.own"); });
  Snapshot given(std::move(kept.parts()), "change of options");
  exchange_learnt(given);
  exchange_own_loop(given);
  given.inside("sampler", [&] { learner_.exchange_sampler(given); });
  replay_.take_over(before.replay_);
  for (int actor = 0; actor < collector_.actors(); actor++)
    if (collector_.playing(actor)) {
      const std::vector<double> observation(collector_.observation(actor).begin(), collector_.observation(actor).end());
      collector_.resume_episode(actor, observation);  // acting starts from it
    }
  const std::int64_t now = steps_learnt_from();
  if (now <= before.learning_from_) {  // the new options say when learning starts, but for no step that has been made
    learning_from_ = std::max(learning_from_, now);
    return;
  }
  updates_before_ = before.updates_of_steps();
  learning_from_ =
      std::max(before.learning_from_, now - now % before.options_.update_interval);  // it counts up to there
}

void AgentCore::refill_replay() {
  refills_ = true;
  updates_before_ = updates_of_due();
  learning_from_ = steps_ + steps_before_learning(options_);
}

}  // namespace ddpg
