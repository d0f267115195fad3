// Agent = Collector + Replay + Learner: acts, stores, learns, and knows no environment. Two stand on it: Algorithm,
// which owns the loop, and the public Agent (ddpg/agent.h), which checks what its caller gives it. Here nothing is
// checked: actors exist, sizes are those of the specification, numbers are finite, what is observed belongs to an
// episode.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/assessment.h"
#include "agent/collector.h"
#include "agent/learner.h"
#include "agent/measures.h"
#include "agent/replay.h"
#include "agent/scale.h"
#include "ddpg/agent.h"
#include "ddpg/observer.h"
#include "support/episode_means.h"

namespace ddpg {

// Environment steps before the first update: learning_starts, and a minibatch is always awaited.
inline std::int64_t steps_before_learning(const Options& options) {
  return std::max<std::int64_t>(options.learning_starts, options.batch_size - 1);
}

class AgentCore {
 public:
  static constexpr std::int64_t kAll = std::numeric_limits<std::int64_t>::max();

  // Whether add() or keep() may be called; the replay buffer then keeps a place for what is added, beside those of the
  // actors.
  enum class Data { none, may_be_added };

  // Options and specification must be valid.
  AgentCore(const Options& options, const Specification& specification, int actors, Compute compute,
            Data data = Data::none);

  void begin_episode(int actor, std::span<const double> observation);
  // Throws Error when an action is not finite.
  void act(std::span<const int> actors, std::span<float> actions);
  void observe(int actor, std::span<const float> action, const StepResult& result,
               std::span<const double> next_observation);
  // Cut from outside: the last transition becomes truncated, and what was played says nothing of its policy, which is
  // not assessed by it. end_episode() counts the episode, cut_episode() does not.
  void end_episode(int actor);
  void cut_episode(int actor);

  // A transition that was not lived. end_added(): no more of them follow.
  void add(const Transition& transition);
  void end_added();

  // Continues where `before` stands, an agent of other options but of networks and statistics of the same shape; that
  // one is not needed any more (agent_change.cpp). Throws Error naming what does not fit.
  void continue_from(AgentCore& before);
  // The replay buffer is lost: it is filled anew for learning_starts steps before learning goes on.
  void refill_replay();

  // What it starts from, before the first episode (agent_beginning.cpp). A policy's actor, whose network is this one's,
  // and its normaliser; everything that another training has learnt; one of its transitions, as it stored it, which
  // begins an episode or follows the one before. Throws Error where a snapshot lacks something.
  void take_policy(const Policy& policy);
  void take_learnt(Snapshot& snapshot);
  void keep(const StoredTransition& transition, bool begins);

  // Updates that should have been done by now and were not, where there are transitions enough to draw from.
  std::int64_t updates_due() const;
  // Does them, or the first `most`, and returns how many. Throws Error when a number stops being finite.
  std::int64_t learn(std::int64_t most = kAll);

  // So many, whatever is due.
  void update(std::int64_t n);
  // The updates of options.offline_updates that are not done yet. False: `*stop` became true.
  bool learn_offline(const std::atomic<bool>* stop = nullptr);

  std::int64_t steps() const { return steps_; }  // of all actors together
  std::int64_t updates() const { return learner_.updates(); }
  std::int64_t episodes() const { return episodes_; }
  std::int64_t breakdowns() const { return breakdowns_; }
  const Specification& specification() const { return specification_; }
  Data data() const { return data_; }
  const Collector& collector() const { return collector_; }
  const ActorCritic& networks() const { return learner_.networks(); }
  NetworkBody policy_body() const { return mu_of_one_.body(); }
  const Scale& scale() const { return scale_; }
  const Replay& replay() const { return replay_; }
  Replay& replay() { return replay_; }

  // Q(s, a) as the online critics see it now (Learner::value), all in the environment's units.
  double value(std::span<const double> observation, std::span<const float> action);
  Policy policy(const Provenance& provenance) const;
  // What it is made of, but for where it comes from and the pairs that check it.
  Policy::Content content() const;
  // Takes the means of the task's metrics over an episode that has ended.
  void add_metrics(std::span<const double> means) { metrics_.add(means); }
  // Fills the training columns of a progress row. Throws Error when a number is not finite.
  void measure(Progress& progress);
  void start_new_sums();

  // Everything that what follows depends on, but for the settled rows of the replay buffer (agent_state.cpp). The
  // observation of an episode under way is not in it: resume_episode() puts it back. Without `with_replay` nothing of
  // the buffer is.
  void exchange(Snapshot& snapshot, bool with_replay = true);
  void exchange_actor(Snapshot& snapshot, int actor) { collector_.exchange_actor(snapshot, actor); }
  void resume_episode(int actor, std::span<const double> observation);
  // What only an agent has whose caller owns the loop: what was added, updates that were not due, episodes under way.
  // Before exchange().
  void exchange_own_loop(Snapshot& snapshot);
  // Throws Error when more updates are owed than a training that learns after each round can owe.
  void check_owed() const;

 private:
  // A policy as it was when it was kept (agent_assessment.cpp).
  struct Kept {
    Mu::Parts weights;
    std::optional<Normaliser> normaliser;
  };
  // An assessment of policies, where there is one, and what it is about.
  struct Assessed {
    Assessment assessment;
    Kept best;               // its memory is there from the start; it means something once the assessment has kept one
    std::int64_t steps = 0;  // at the end of the last one: what is learnt is due for these
    // of the episode under way: when its first step was made
    std::int64_t began_at_step = 0, began_at_update = 0;
  };

  Kept policy_now() const;
  bool has_kept() const;
  PolicyWeights deployed_weights() const;
  const Normaliser* deployed_normaliser() const;
  void note_beginning(int actor);
  void assess(int actor);
  void keep_policy();
  void exchange_assessment(Snapshot& snapshot);
  void exchange_learnt(Snapshot& snapshot);
  void exchange_dues(Snapshot& snapshot);
  void check_counts() const;
  void exchange_buffer(Snapshot& snapshot, bool with_replay);
  std::int64_t steps_learnt_from() const { return assessed_ ? assessed_->steps : steps_; }
  std::int64_t updates_of_steps() const;
  std::int64_t updates_of_due() const { return updates() - updates_beside_; }  // done because they were due
  void update();  // one, whose numbers check_update() looks at
  std::span<const float> unscaled(std::span<const float> action);
  void finish_episode(int actor);
  void check_update() const;
  void check_networks(const Progress& progress);
  [[noreturn]] void fail(const std::string& what, double value) const;
  void add_checks(Policy::Content& content) const;
  void restore_observation(std::int64_t age, std::vector<double>& observation) const;
  void add_check(Policy::Content& content, std::span<const float> observation, ConstPanels u) const;

  Options options_;
  Specification specification_;
  Compute compute_;
  Data data_;
  Collector collector_;
  Learner learner_;
  Replay replay_;
  Scale scale_;
  Mu mu_of_one_;  // rows of 1
  std::optional<Assessed> assessed_;

  std::int64_t steps_ = 0, episodes_ = 0, breakdowns_ = 0;
  // Updates become due by updates_per_step from that step on, beside those before it.
  std::int64_t learning_from_, updates_before_ = 0;
  bool refills_ = false;             // the replay buffer was lost
  std::int64_t updates_beside_ = 0;  // done by update(n)
  std::vector<double> added_;        // what followed the last transition added; empty: its episode has ended
  Measures measures_;
  EpisodeMeans metrics_;  // of the task, over the episodes since the row before

  std::vector<float> unscaled_action_;        // in [-1, 1]
  PanelMatrix one_observation_, one_action_;  // rows of 1
  Embedding one_embedding_;
  Trace one_critic_trace_;
};

}  // namespace ddpg
