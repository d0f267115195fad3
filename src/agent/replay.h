// The replay buffer: the last `capacity` transitions of all copies of the environment, sampled uniformly.
//
// One record holds [observation | action | reward | link]; the observation that follows a transition is the one of its
// copy's next record, so each is kept once. `link` says where it is: so many records on (1 with one copy, about N with
// N that play in turn), or, until that record is written, in the row of the copy. Only at the end of an episode does
// something else follow: there the true last observation goes to a small ring of its own. That ring has room for
// max(65,536, capacity / 8) episode ends; a run with more of them (episodes shorter than 8 steps on average, at a
// million) lets its oldest transitions go a little earlier.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "agent/replay_rows.h"
#include "ddpg/random.h"
#include "nn/panels.h"
#include "support/snapshot.h"
#include "support/zero_pages.h"

namespace ddpg {

// What a training step learns from.
struct Minibatch {
  Minibatch(int batch_size, int observation_size, int action_size)
      : observation(batch_size, observation_size),
        action(batch_size, action_size),
        next_observation(batch_size, observation_size),
        reward(static_cast<std::size_t>(batch_size)),
        terminated(static_cast<std::size_t>(batch_size)) {}

  PanelMatrix observation, action, next_observation;
  std::vector<float> reward;      // [batch]
  std::vector<float> terminated;  // [batch], 1 or 0
};

// A transition as it was stored.
struct StoredTransition {
  std::vector<float> observation, action, next_observation;
  float reward = 0;
  bool terminated = false, truncated = false;
};

class Replay {
 public:
  // Takes all its memory here. Throws Error when it is not to be had.
  Replay(int observation_size, int action_size, std::int64_t capacity, int copies = 1);
  static std::size_t size_in_bytes(int observation_size, int action_size, std::int64_t capacity, int copies = 1);

  // In that copy of the environment an episode begins with `observation`.
  void begin_episode(std::span<const double> observation, int copy = 0);
  // The transition from the observation given last for that copy. After one that ends its episode, begin_episode() must
  // follow.
  void add(std::span<const float> action, double reward, bool terminated, bool truncated,
           std::span<const double> next_observation, int copy = 0);

  std::int64_t size() const { return end_ - begin_; }
  std::int64_t capacity() const { return capacity_; }

  // Draws minibatch.reward.size() transitions, uniformly and independently.
  void sample(RandomStream& random, Minibatch& minibatch) const;
  // The transition `age` places after the oldest.
  StoredTransition at(std::int64_t age) const;

  // For checkpoints (replay_rows.cpp). What is kept now; of it, what stays as it is until its place in the ring is
  // needed again: the transitions whose next observation is stored.
  ReplayRange kept() const { return {begin_, end_, last_begin_, last_end_}; }
  ReplayRange settled() const;
  // How many of these transitions ended their episode.
  std::int64_t episode_ends(std::int64_t begin, std::int64_t end) const;
  // Would so many more transitions overwrite something of `range`?
  bool would_overwrite(const ReplayRange& range, std::int64_t transitions) const;
  ReplayColumns columns() const;
  // Rows of a column between its place in the ring and `floats` [rows, width]. copy_out() may run beside anything that
  // does not overwrite them.
  void copy_out(const ReplayColumn& column, std::int64_t first, std::int64_t rows, float* floats) const;
  void copy_in(const ReplayColumn& column, std::int64_t first, std::int64_t rows, const float* floats);
  // Everything but the settled rows; when it restores, these were copied in before. Throws Error when what it is given
  // cannot be a replay buffer.
  void exchange(Snapshot& snapshot);
  // That copy's episode ends here without a last step: its last transition, when it had one, becomes truncated.
  void cut_episode(int copy);

 private:
  float* record(std::int64_t transition) { return records_.data() + transition % capacity_ * stride_; }
  const float* record(std::int64_t transition) const { return records_.data() + transition % capacity_ * stride_; }
  float* place(const ReplayColumn& column, std::int64_t row);
  const float* place(const ReplayColumn& column, std::int64_t row) const {
    return const_cast<Replay*>(this)->place(column, row);
  }
  float* pending(int copy) { return pending_.data() + static_cast<std::ptrdiff_t>(copy) * observation_size_; }
  const float* next_observation(const float* record) const;
  std::uint32_t link(const float* record) const;
  void set_link(float* record, std::uint32_t link);
  void link_from_last(int copy);
  void forget_oldest();
  bool has_ended(std::int64_t transition) const;
  bool is_sound() const;

  int observation_size_, action_size_;
  std::ptrdiff_t stride_;
  std::int64_t capacity_, last_capacity_;
  std::int64_t begin_ = 0, end_ = 0;            // transitions ever forgotten and ever added
  std::int64_t last_begin_ = 0, last_end_ = 0;  // the same for last observations
  ZeroPages records_;                           // [capacity, stride]
  ZeroPages lasts_;                             // [last_capacity, observation_size]
  std::vector<float> pending_;                  // [copies, observation_size]: what each copy saw last
  std::vector<std::int64_t> previous_;          // [copies]: the transition that led there; -1: the episode begins
};

}  // namespace ddpg
