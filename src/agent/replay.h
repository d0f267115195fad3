// The replay buffer: the last `capacity` transitions of all actors. Which are drawn: sampler.h.
//
// One record holds [observation | action | reward | link]; the observation that follows a transition is the one of its
// actor's next record, so each is kept once. `link` says where it is: so many records on (1 with one actor, about N
// with N that play in turn), or, until that record is written, in the row of the actor. Only at the end of an episode
// does something else follow: there the true last observation gets a place of its own, which is given back when the
// transition goes. There are as many places as records, so that the buffer holds `capacity` transitions however short
// their episodes are; as memory is taken when it is first written, they cost what is used at once and no more.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "agent/minibatch.h"
#include "agent/replay_rows.h"
#include "support/snapshot.h"
#include "support/zero_pages.h"

namespace ddpg {

// A transition as it was stored.
struct StoredTransition {
  std::vector<float> observation, action, next_observation;
  float reward = 0;
  bool terminated = false, truncated = false;
};

class Replay {
 public:
  static constexpr std::int64_t kMostCapacity = 1'000'000'000;  // a link has 30 bits for a place

  // Reserves all its memory here. Throws Error when it is not to be had.
  Replay(int observation_size, int action_size, std::int64_t capacity, int actors = 1);
  // What it takes once it is full and at most one transition in eight ends its episode; where each does, less than
  // twice as much.
  static std::size_t size_in_bytes(int observation_size, int action_size, std::int64_t capacity, int actors = 1);

  // An episode of that actor begins with `observation`.
  void begin_episode(std::span<const double> observation, int actor = 0);
  // The transition from the observation given last for that actor. After one that ends its episode, begin_episode()
  // must follow.
  void add(std::span<const float> action, double reward, bool terminated, bool truncated,
           std::span<const double> next_observation, int actor = 0);

  std::int64_t size() const { return std::min(end_ - first_, capacity_); }
  std::int64_t capacity() const { return capacity_; }

  // Copies these transitions, which must be kept, counted since the first ever added, into the rows of the minibatch,
  // each with the discount of what follows, 0 where the episode terminated.
  void gather(std::span<const std::int64_t> transitions, float discount, Minibatch& minibatch) const;
  // The same of up to n steps: the discounted sum of their rewards, what follows the last of them, and its discount. A
  // window ends with its episode, and where its actor has not played on yet (replay_returns.cpp).
  void gather_returns(std::span<const std::int64_t> transitions, float discount, int n, Minibatch& minibatch) const;
  // How many transitions that episode has from this one on, which must be kept, as far as it was played.
  std::int64_t steps_left(std::int64_t transition) const;
  // What followed the transition `steps` after it in its episode: fewer than steps_left().
  std::span<const float> later_observation(std::int64_t transition, std::int64_t steps) const;
  // The transition `age` places after the oldest.
  StoredTransition at(std::int64_t age) const;
  // Of the transition that follows it in its episode; -1: none does that is kept.
  std::int64_t follower(std::int64_t age) const;

  // Takes what another buffer holds, which is smaller or as large, with its numbers (replay_rows.cpp). This one is
  // empty, the other one is not needed any more.
  void take_over(Replay& smaller);

  // For checkpoints (replay_rows.cpp). What is kept now; of it, what stays as it is until its place in the ring is
  // needed again: the transitions whose next observation is stored.
  ReplayRange kept() const { return {begin(), end_}; }
  ReplayRange settled() const;
  // Would so many more transitions overwrite something of `range`?
  bool would_overwrite(const ReplayRange& range, std::int64_t transitions) const;
  ReplayColumns columns() const;
  // How many rows a column has for these transitions: one for each, or one for each that ended its episode.
  std::int64_t rows(const ReplayColumn& column, const ReplayRange& range) const;
  // The rows of these transitions to and from `floats` [rows, width]. copy_out() may run beside anything that does not
  // overwrite them. copy_in() takes the columns in their order: which transitions ended stands in their links.
  void copy_out(const ReplayColumn& column, const ReplayRange& range, float* floats) const;
  void copy_in(const ReplayColumn& column, const ReplayRange& range, const float* floats);
  // Everything but the settled rows; when it restores, these were copied in before. Throws Error when what it is given
  // cannot be a replay buffer.
  void exchange(Snapshot& snapshot);
  // That actor's episode ends here without a last step: its last transition, when it had one, becomes truncated.
  void cut_episode(int actor);

 private:
  // A link: two bits for how the episode ended, then 30 bits that say where the next observation is.
  static constexpr std::uint32_t kTerminated = 1, kTruncated = 2, kEnded = 3;  // ended: its place among the last ones
  static constexpr std::uint32_t kPending = 1u << 31;       // not ended: the actor's row, while this bit is set
  static constexpr std::int64_t kFarthest = (1 << 29) - 1;  // and else how many records on
  static constexpr std::uint32_t kNoPlace = (1u << 30) - 1;

  float* record(std::int64_t transition) { return records_.data() + transition % capacity_ * stride_; }
  const float* record(std::int64_t transition) const { return records_.data() + transition % capacity_ * stride_; }
  std::int64_t begin() const { return end_ - size(); }
  float* pending(int actor) { return pending_.data() + static_cast<std::ptrdiff_t>(actor) * observation_size_; }
  float* last(std::uint32_t place) { return lasts_.data() + std::ptrdiff_t{place} * observation_size_; }
  const float* last(const float* ended) const {
    return lasts_.data() + std::ptrdiff_t{link(ended) >> 2} * observation_size_;
  }
  float* take_place(float* record, std::uint32_t how);
  float* given_place(float* record);
  void give_place_back(const float* record);
  const float* next_observation(const float* record) const;
  const float* next_record(const float* record) const;  // of the same episode; null: there is none yet, or none at all
  // Of a place in the ring or up to one round beyond it.
  const float* around(const float* record) const {
    const std::ptrdiff_t ring = capacity_ * stride_;
    return record < records_.data() + ring ? record : record - ring;
  }
  std::uint32_t link(const float* record) const;
  void set_link(float* record, std::uint32_t link);
  void link_from_last(int actor);
  void check_counts(const ReplayRange& settled) const;
  bool has_ended(const float* record) const { return (link(record) & kEnded) != 0; }
  bool is_sound() const;

  int observation_size_, action_size_;
  std::ptrdiff_t stride_;
  std::int64_t capacity_;
  std::int64_t first_ = 0;              // number of the first one that was ever here
  std::int64_t end_ = 0;                // transitions ever added
  ZeroPages records_;                   // [capacity, stride]
  ZeroPages lasts_;                     // [capacity, observation_size], the places of last observations
  std::uint32_t places_ = 0;            // that were ever taken: the first ones
  std::uint32_t free_ = kNoPlace;       // the place given back last; each free one holds the one before it
  std::vector<float> pending_;          // [actors, observation_size]: what each actor saw last
  std::vector<std::int64_t> previous_;  // [actors]: the transition that led there; -1: the episode begins
};

}  // namespace ddpg
