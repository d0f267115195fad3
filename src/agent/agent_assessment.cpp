// Which policy is kept, where policies are assessed (assessment.h), and when what was played is learnt from.
#include "agent/agent_core.h"
#include "ddpg/error.h"
#include "nn/exchange.h"

namespace ddpg {

AgentCore::Kept AgentCore::policy_now() const {
  const PolicyWeights now = networks().policy_weights();
  Kept kept{{*now.actor, {}}, {}};
  if (now.encoder) kept.weights.encoder = *now.encoder;
  if (const Normaliser* normaliser = collector_.normaliser()) kept.normaliser = *normaliser;
  return kept;
}

bool AgentCore::has_kept() const {
  return assessed_ && assessed_->assessment.has_kept();
}

// What is evaluated, saved and deployed: what was kept, or, as long as nothing was, the newest.
PolicyWeights AgentCore::deployed_weights() const {
  if (!has_kept()) return networks().policy_weights();
  const Mu::Parts& kept = assessed_->best.weights;
  return {&kept.actor, kept.encoder ? &*kept.encoder : nullptr};
}

const Normaliser* AgentCore::deployed_normaliser() const {
  if (!has_kept()) return collector_.normaliser();
  return assessed_->best.normaliser ? &*assessed_->best.normaliser : nullptr;
}

// In the memory that is there.
void AgentCore::keep_policy() {
  const PolicyWeights now = networks().policy_weights();
  Kept& best = assessed_->best;
  best.weights.actor = *now.actor;
  if (now.encoder) *best.weights.encoder = *now.encoder;
  if (best.normaliser) *best.normaliser = *collector_.normaliser();
}

void AgentCore::note_beginning(int actor) {
  if (collector_.played(actor)) return;
  assessed_->began_at_step = steps_;
  assessed_->began_at_update = updates();
}

// An episode that has random actions in it, or in which something was learnt, says nothing of a policy. One that was
// cut does not come here.
void AgentCore::assess(int actor) {
  if (assessed_->began_at_step < options_.warmup_steps || assessed_->began_at_update != updates()) return;
  const Verdict verdict = assessed_->assessment.episode(collector_.episode_return(actor));
  if (verdict == Verdict::undecided) return;
  if (verdict == Verdict::kept) keep_policy();
  assessed_->steps = steps_;
}

void AgentCore::exchange_assessment(Snapshot& snapshot) {
  if (!assessed_) return;
  snapshot.inside("assessment", [&] {
    assessed_->assessment.exchange(snapshot);
    snapshot.value("steps", assessed_->steps);
    snapshot.value("began_at_step", assessed_->began_at_step);
    snapshot.value("began_at_update", assessed_->began_at_update);
    exchange_weights(snapshot, "actor", networks().actor.network, assessed_->best.weights.actor);
    if (networks().encoder())
      exchange_weights(snapshot, "encoder", networks().encoder()->f.network, *assessed_->best.weights.encoder);
    if (assessed_->best.normaliser)
      snapshot.inside("normaliser", [&] { assessed_->best.normaliser->exchange(snapshot); });
  });
  if (assessed_->steps < 0 || assessed_->steps > steps_)
    throw Error("[assessment] it ended after more steps than were made; the checkpoint is damaged");
}

}  // namespace ddpg
