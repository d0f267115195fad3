// The agent: it acts, stores and learns, and the caller owns the loop. It knows what a task looks like (Specification),
// never an Environment: the world may be a robot, a simulator in another process, a log. To have the loop done for you,
// call train() (ddpg/train.h): where both do the same steps, both give the same bits (examples/06_your_own_loop).
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ddpg/environment.h"
#include "ddpg/options.h"
#include "ddpg/policy.h"

namespace ddpg {

/// Everything wrong with `options` for a world of this specification, one message each; empty when an agent can be made
/// of them. `options.environment` may be any name, or none.
std::vector<std::string> violations(const Options& options, const Specification& specification);

/// One step of the world, whole.
struct Transition {
  std::vector<double> observation{};
  std::vector<float> action{};  ///< the one really applied, in the environment's units
  double reward = 0;
  std::vector<double> next_observation{};
  bool terminated = false, truncated = false;  ///< as in StepResult
};

/// DDPG without its loop. An actor is one instance of the world; actors are numbered from 0, and each has noise of its
/// own. After the constructor, act(), observe() and learn() take no memory. One agent belongs to one thread at a time;
/// several agents may work on several threads.
///
/// Wrong use (a size, a number that is not finite, an actor that does not exist or has no episode) throws UsageError
/// and leaves the agent as it was. A training that diverges throws Error.
class Agent {
 public:
  /// Takes from `options` what decides the learning and what it starts from (initial_policy, initial_run, data). The
  /// options of a loop (steps, environments, overlap, evaluations, checkpoints, offline_updates, changes) play no part:
  /// the loop is the caller's, and what offline_updates asks for is update().
  /// Throws UsageError with all violations() or with why a file cannot be started from, Error when memory is short.
  Agent(const Options& options, const Specification& specification, int actors = 1);
  Agent(Agent&&) noexcept;
  Agent& operator=(Agent&&) noexcept;
  ~Agent();

  /// An episode of that actor begins with this observation [observation_size].
  void begin_episode(int actor, std::span<const double> observation);
  /// action [action_size] = mu(s) + N for the last observation of that actor, within the bounds and in the
  /// environment's units; uniformly random during the warm-up. Asked twice, it draws the noise twice.
  void act(int actor, std::span<float> action);
  /// The same for several different actors by one forward pass; actions [actors.size(), action_size].
  void act(std::span<const int> actors, std::span<float> actions);
  /// What followed: `action` is the one really applied, whoever chose it. Counts one environment step. When `result`
  /// ends the episode, `next_observation` is its true last one, and begin_episode() must follow. Where it broke down no
  /// step counts, and reward and observation may be anything.
  void observe(int actor, std::span<const float> action, const StepResult& result,
               std::span<const double> next_observation);
  /// The same for several different actors: actions [actors.size(), action_size], results [actors.size()],
  /// next_observations [actors.size(), observation_size]. Either all are observed or, when one is wrong, none.
  void observe(std::span<const int> actors, std::span<const float> actions, std::span<const StepResult> results,
               std::span<const double> next_observations);
  /// The episode is cut from outside: its last transition becomes truncated. With options.assessment it counts for
  /// nothing; a time limit of the task's own is StepResult::truncated.
  void end_episode(int actor);

  /// Updates that the steps done have made due (options.updates_per_step and so on) and that learn() has not done yet.
  std::int64_t updates_due() const;
  /// Does the updates that are due, at most `most` of them, and returns how many it did. An update takes the same time
  /// whenever it is done, so that a loop can do as many as its period has time for.
  std::int64_t learn(std::int64_t most = std::numeric_limits<std::int64_t>::max());

  /// Stores a transition that was not lived: of a log (ddpg/data.h reads some), of a demonstration. No step counts and
  /// nothing becomes due. Where one begins with the observation that the one before ended with, they are of one
  /// episode.
  void add(const Transition& transition);
  /// The same for many, such as an episode; either all are stored or, when one is wrong, none.
  void add(std::span<const Transition> transitions);
  /// `n` updates, whatever is due: learning from a data set alone. Throws UsageError while fewer than
  /// options.batch_size transitions are stored.
  void update(std::int64_t n = 1);

  /// Q(s, a) as the critic sees it now; of several critics what the targets would take of them (critic.aggregate).
  double value(std::span<const double> observation, std::span<const float> action);

  std::int64_t steps() const;        ///< environment steps observed, of all actors together
  std::int64_t updates() const;      ///< updates done
  std::int64_t transitions() const;  ///< stored now
  const Options& options() const;
  const Specification& specification() const;
  int actors() const;
  bool in_episode(int actor) const;  ///< between begin_episode() and the end of that episode
  /// What should be known of what it started from: actions of the data beyond the bounds, a damaged checkpoint, ... One
  /// line each; "": nothing, or it was loaded.
  const std::string& warning() const;

  /// What to deploy: mu as it is now or, with options.assessment, the best policy that has proved itself over whole
  /// episodes, once one has. Its file: Policy::save().
  Policy policy() const;

  /// Everything, the transitions included, as one file, written atomically: a loaded agent continues to the same bits.
  /// Throws Error naming the file and what is wrong.
  void save(const std::string& file) const;
  /// `goals`: those of its world (Specification::goals), where replay.hindsight needs them; a file holds no function.
  static Agent load(const std::string& file, const Goals& goals = {});

 private:
  struct Impl;
  explicit Agent(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace ddpg
