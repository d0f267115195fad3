// Many copies of one task, stepped together on several threads. Each copy draws from a random stream of its own, so
// what it does depends on the seed and its place alone, never on the threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "ddpg/environment.h"

namespace ddpg {

/// What becomes of a copy whose episode has ended. The names are those of Gymnasium's AutoresetMode. Whichever it is,
/// next_observation() is the true last observation after the step that ended the episode.
enum class Autoreset {
  /// The next step() begins the new episode in place of playing: the action for that copy is discarded, nothing is
  /// rewarded, played() is false, and observation() is the first one. A step is spent.
  next_step,
  /// The step that ends an episode also begins the next: observation() is already the first one of the new episode.
  same_step,
  /// Nothing: the caller must reset() that copy; step() before that is an error.
  disabled
};

/// Copies are numbered from 0. An error in a copy comes back in the calling thread with the copy named (and what the
/// environment threw nested in it; where there is one copy only, as it was thrown); of several, that of the lowest
/// number. After one, reset() begins anew.
class VectorEnvironment {
 public:
  using Copies = std::vector<std::unique_ptr<Environment>>;

  /// `threads` step the copies, the caller's included, 1 to 256. Copy i draws from RandomStream(seed, "environment",
  /// i). The specification's time limit is kept, however the copies were made. Throws UsageError when there is no copy,
  /// or when they are not of one specification, Error when that is inconsistent.
  VectorEnvironment(Copies copies, std::uint64_t seed, Autoreset autoreset, int threads = 1);
  ~VectorEnvironment();
  VectorEnvironment(VectorEnvironment&&) noexcept;
  VectorEnvironment& operator=(VectorEnvironment&&) noexcept;

  int copies() const;
  Autoreset autoreset() const;
  const Specification& specification() const;

  /// Begins an episode in every copy. Throws Interrupted before the next one when `*stop` becomes true.
  void reset(const std::atomic<bool>* stop = nullptr);
  void reset(int copy);  ///< begins an episode in one

  /// Steps the first actions.size() / action_size copies; the others stay as they are. `actions` [copies, action_size].
  void step(std::span<const float> actions);
  /// The same while this thread does something else: `meanwhile` must not touch this object. What it throws comes
  /// before what an environment throws, and after all copies have come to rest.
  void step(std::span<const float> actions, const std::function<void()>& meanwhile);

  /// Of the last step() or reset() of that copy:
  StepResult result(int copy) const;  ///< nothing rewarded and nothing ended where nothing was played
  bool played(int copy) const;        ///< false: a reset, nothing that could be learnt from
  /// What followed the action: at the end of an episode the true last observation. [observation_size]
  std::span<const double> next_observation(int copy) const;
  /// What to act on next; differs from next_observation() only where same_step has begun a new episode.
  std::span<const double> observation(int copy) const;
  /// Of the last step, one number for each of Specification::metric_names.
  std::span<const double> metrics(int copy) const;
  /// The episode is over and the next one has not begun: with next_step the next step() begins it, with disabled it is
  /// for the caller. Never with same_step.
  bool awaits_reset(int copy) const;

  /// Where that copy stands: everything but its random stream, random(copy). Restoring continues to the same bits and
  /// returns true; where the environment does not offer its state (Environment::save_state), a new episode is begun and
  /// it returns false. Throws Error for numbers that are no state.
  std::vector<double> save_state(int copy) const;
  bool restore_state(int copy, std::span<const double> state);

  Environment& environment(int copy);
  RandomStream& random(int copy);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ddpg
