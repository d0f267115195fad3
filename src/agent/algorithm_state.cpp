// A training's whole state in a snapshot and out of it. The algorithm is in algorithm.cpp.
#include <string>

#include "agent/algorithm.h"
#include "ddpg/error.h"

namespace ddpg {
namespace {

void exchange_stream(Snapshot& snapshot, std::string_view name, RandomStream& random) {
  std::array<std::uint64_t, 4> state = random.state();
  snapshot.array(name, state);
  if (state == std::array<std::uint64_t, 4>{})  // from it a generator draws nothing but zeros
    throw Error("[random stream " + std::string(name) + "] its state is all zeros; the checkpoint is damaged");
  random.set_state(state);
}

}  // namespace

void Algorithm::exchange(Snapshot& snapshot) {
  snapshot.value("step", step_);
  snapshot.value("updates", updates_);
  snapshot.value("episodes", episodes_);
  snapshot.inside("measures", [&] {
    snapshot.value("updates", measures_.updates);
    snapshot.value("finished_episodes", measures_.finished_episodes);
    snapshot.value("return_sum", measures_.return_sum);
    snapshot.value("critic_loss", measures_.sums.critic_loss);
    snapshot.value("actor_loss", measures_.sums.actor_loss);
    snapshot.value("mean_q", measures_.sums.mean_q);
    snapshot.value("mean_target", measures_.sums.mean_target);
    snapshot.value("saturated_share", measures_.sums.saturated_share);
  });
  exchange_stream(snapshot, "sampling_random", sampling_random_);
  snapshot.inside("networks", [&] { networks_.exchange(snapshot); });
  if (normaliser_) snapshot.inside("normaliser", [&] { normaliser_->exchange(snapshot); });
  snapshot.inside("replay", [&] { replay_.exchange(snapshot); });
  if (snapshot.restores()) check_counts();
  for (int copy = 0; copy < environments_.copies(); copy++)
    snapshot.inside("copies." + std::to_string(copy), [&] { exchange_copy(snapshot, copy); });
}

// What the last round and the interval still owe is little; what would keep learn() busy for ever is no training's. The
// bound is far above what can be owed.
void Algorithm::check_counts() const {
  constexpr std::int64_t kMost = 1'000'000'000'000'000;  // as Options::steps
  const std::int64_t round = environments_.copies() + options_.update_interval + options_.batch_size;
  const bool sound = step_ >= 0 && step_ < kMost && episodes_ >= 0 && episodes_ < kMost && updates_ >= 0 &&
                     updates_ <= updates_of_steps() &&
                     static_cast<double>(updates_of_steps() - updates_) <=
                         10'000 + options_.updates_per_step * static_cast<double>(round);
  if (!sound) throw Error("[training] its steps and updates do not fit together; the checkpoint is damaged");
}

// An environment that does not offer its state begins a new episode: the old one is cut, as by a time limit.
void Algorithm::exchange_copy(Snapshot& snapshot, int copy) {
  Copy& own = copies_[static_cast<std::size_t>(copy)];
  exchange_stream(snapshot, "exploration_random", own.random);
  exchange_stream(snapshot, "environment_random", environments_.random(copy));
  snapshot.inside("exploration", [&] { own.exploration.exchange(snapshot); });
  snapshot.value("episode_return", own.episode_return);
  snapshot.value("steps", own.steps);
  std::vector<double> state;
  if (!snapshot.restores()) state = environments_.save_state(copy);
  snapshot.list("environment", state);
  if (!snapshot.restores() || environments_.restore_state(copy, state)) return;
  replay_.cut_episode(copy);
  begin_episode(copy);
}

}  // namespace ddpg
