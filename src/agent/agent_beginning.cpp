// What an agent starts from beside random weights. Which files that is, and whether they fit: run/beginning.h.
#include <algorithm>
#include <utility>
#include <vector>

#include "agent/agent_core.h"
#include "policy/content.h"

namespace ddpg {

// The policy's file does not say how many observations its statistics are of; about one was seen in each step.
void AgentCore::take_policy(const Policy& policy) {
  const Policy::Content& content = policy.content();
  ActorCritic& networks = learner_.networks();
  Mu::Parts parts = mu_of_one_.parts(content.tensors);
  networks.actor.weights = networks.actor.target = std::move(parts.actor);
  if (parts.encoder) {
    Encoding& f = networks.encoder()->f;
    f.weights = f.fixed = f.target = std::move(*parts.encoder);
  }
  if (content.normalise)
    collector_.take_normaliser(content.mean, content.deviation, std::max<std::int64_t>(2, content.provenance.step));
}

void AgentCore::take_learnt(Snapshot& snapshot) {
  learner_.take_learnt(snapshot);
  collector_.take_normalisers(snapshot);
  snapshot.inside("scale", [&] { scale_.take_learnt(snapshot); });
}

// Stores the floats as they are. The statistics were taken from the same training and have these transitions already;
// the scale has not. It does not look at observations that are normalised, which are stored from their origin.
void AgentCore::keep(const StoredTransition& transition, bool begins) {
  const int actor = collector_.actors();
  const auto seen = [&](const std::vector<float>& numbers) {
    const std::vector<double> observation(numbers.begin(), numbers.end());
    scale_.see_observation(observation);
    return observation;
  };
  if (begins) {
    replay_.cut_episode(actor);
    replay_.begin_episode(seen(transition.observation), actor);
  }
  scale_.see_reward(transition.reward);
  replay_.add(transition.action, transition.reward, transition.terminated, transition.truncated,
              seen(transition.next_observation), actor);
}

}  // namespace ddpg
