#include "agent/replay.h"

#include <algorithm>
#include <bit>
#include <string>

#include "agent/row_copy.h"
#include "ddpg/error.h"

namespace ddpg {
namespace {

std::ptrdiff_t record_floats(int observation_size, int action_size) {
  return observation_size + action_size + 2;
}

ZeroPages take(std::ptrdiff_t rows, std::ptrdiff_t width) try {
  return ZeroPages(static_cast<std::size_t>(rows) * static_cast<std::size_t>(width) + kPanel);
} catch (const Error& error) {
  throw Error(std::string("[replay] ") + error.what() + ", " + std::to_string(rows) + " rows of " +
              std::to_string(width * 4) + " bytes; lower replay_capacity");
}

// Asks for `floats` floats to be brought near, at most 512 bytes of them.
void fetch(const float* from, std::ptrdiff_t floats) {
  const char* line = reinterpret_cast<const char*>(from);
  const std::ptrdiff_t bytes = std::min<std::ptrdiff_t>(floats * 4, 512);
  for (std::ptrdiff_t byte = 0; byte < bytes; byte += 64) __builtin_prefetch(line + byte);
  __builtin_prefetch(line + bytes - 1);
}

}  // namespace

std::size_t Replay::size_in_bytes(int observation_size, int action_size, std::int64_t capacity, int actors) {
  const auto width = static_cast<std::size_t>(observation_size);
  const auto records =
      static_cast<std::size_t>(capacity) * static_cast<std::size_t>(record_floats(observation_size, action_size));
  const auto rows = static_cast<std::size_t>((capacity + 7) / 8 + actors);
  return (records + rows * width) * sizeof(float);
}

Replay::Replay(int observation_size, int action_size, std::int64_t capacity, int actors)
    : observation_size_(observation_size),
      action_size_(action_size),
      stride_(record_floats(observation_size, action_size)),
      capacity_(capacity),
      records_(take(capacity, stride_)),
      lasts_(take(capacity, observation_size)),
      pending_(static_cast<std::size_t>(actors) * static_cast<std::size_t>(observation_size) + kPanel),
      previous_(static_cast<std::size_t>(actors), -1) {}

void Replay::begin_episode(std::span<const double> observation, int actor) {
  previous_[static_cast<std::size_t>(actor)] = -1;
  float* to = pending(actor);
  for (int i = 0; i < observation_size_; i++) to[i] = static_cast<float>(observation[static_cast<std::size_t>(i)]);
}

void Replay::add(std::span<const float> action, double reward, bool terminated, bool truncated,
                 std::span<const double> next, int actor) {
  link_from_last(actor);
  float* here = record(end_);
  float* following = pending(actor);
  give_place_back(here);  // of the oldest transition, which goes
  std::copy(following, following + observation_size_, here);
  std::copy(action.begin(), action.end(), here + observation_size_);
  here[observation_size_ + action_size_] = static_cast<float>(reward);
  if (terminated || truncated)
    following = take_place(here, (terminated ? kTerminated : 0) | (truncated ? kTruncated : 0));
  else
    set_link(here, kPending | static_cast<std::uint32_t>(actor) << 2);
  for (int i = 0; i < observation_size_; i++) following[i] = static_cast<float>(next[static_cast<std::size_t>(i)]);
  previous_[static_cast<std::size_t>(actor)] = end_++;
}

// A place for what was seen last in the episode that ended `how` with this record. There always is one: there are as
// many as records.
float* Replay::take_place(float* record, std::uint32_t how) {
  std::uint32_t place = free_;
  if (place == kNoPlace)
    place = places_++;
  else
    free_ = std::bit_cast<std::uint32_t>(*last(place));
  set_link(record, place << 2 | how);
  return last(place);
}

void Replay::give_place_back(const float* record) {
  const std::uint32_t place = link(record) >> 2;
  if (!has_ended(record) || place == kNoPlace) return;
  *last(place) = std::bit_cast<float>(free_);
  free_ = place;
}

// The actor's transition before this one, if it stays, is followed by the observation of this one's record.
void Replay::link_from_last(int actor) {
  const std::int64_t previous = previous_[static_cast<std::size_t>(actor)];
  if (previous < 0 || previous <= end_ - capacity_ || has_ended(record(previous))) return;
  if (end_ - previous > kFarthest)
    throw Error("[replay] actor " + std::to_string(actor) + " did not play for too long");
  set_link(record(previous), static_cast<std::uint32_t>(end_ - previous) << 2);
}

std::uint32_t Replay::link(const float* record) const {
  return std::bit_cast<std::uint32_t>(record[observation_size_ + action_size_ + 1]);
}

void Replay::set_link(float* record, std::uint32_t link) {
  record[observation_size_ + action_size_ + 1] = std::bit_cast<float>(link);
}

// Could have come about: every link leads to something that is there. What a file says is not trusted.
bool Replay::is_sound() const {
  for (const std::int64_t previous : previous_)
    if (previous < -1 || previous >= end_) return false;
  const auto actors = static_cast<std::int64_t>(previous_.size());
  for (std::int64_t transition = begin(); transition < end_; transition++) {
    const std::uint32_t link = this->link(record(transition));
    const std::int64_t where = (link & ~kPending) >> 2;
    const bool sound = link & kEnded     ? link >> 2 < places_
                       : link & kPending ? where < actors
                                         : where >= 1 && where < end_ - transition;
    if (!sound) return false;
  }
  return true;
}

void Replay::cut_episode(int actor) {
  const std::int64_t previous = previous_[static_cast<std::size_t>(actor)];
  if (previous < begin() || has_ended(record(previous))) return;
  std::copy_n(pending(actor), observation_size_, take_place(record(previous), kTruncated));
}

const float* Replay::next_observation(const float* record) const {
  const std::uint32_t link = this->link(record);
  if (link & kEnded) return last(record);
  const auto where = static_cast<std::ptrdiff_t>((link & ~kPending) >> 2);
  if (link & kPending) return pending_.data() + where * observation_size_;
  return around(record + where * stride_);
}

void Replay::gather(std::span<const std::int64_t> transitions, float discount, Minibatch& minibatch) const {
  const Panels observation = minibatch.observation.view(), action = minibatch.action.view();
  const Panels next = minibatch.next_observation.view();
  const RowCopy copy_observation(observation_size_), copy_action(action_size_);
  const std::int64_t oldest = begin(), first = oldest % capacity_;
  // with several actors the next observation most likely lies as many records on; with one it is the neighbour
  const auto actors = static_cast<std::int64_t>(previous_.size());
  const std::ptrdiff_t floats = actors > 1 ? stride_ : stride_ + observation_size_;
  const auto find = [&](std::int64_t transition) {
    const std::int64_t place = first + (transition - oldest);
    const float* found = records_.data() + (place < capacity_ ? place : place - capacity_) * stride_;
    fetch(found, floats);
    if (actors > 1) fetch(found + actors * stride_, observation_size_);  // beyond the ring's end in vain
    return found;
  };

  // some are asked for ahead, so that they are on their way from memory while others are copied
  constexpr std::size_t kAhead = 16;
  const float* found[kAhead];
  const std::size_t count = transitions.size();
  for (std::size_t i = 0; i < std::min(kAhead, count); i++) found[i] = find(transitions[i]);
  for (std::size_t i = 0; i < count; i++) {
    const int row = static_cast<int>(i);
    const float* from = found[i % kAhead];
    if (i + kAhead < count) found[i % kAhead] = find(transitions[i + kAhead]);
    copy_observation(from, observation, row);
    copy_action(from + observation_size_, action, row);
    minibatch.reward[i] = from[observation_size_ + action_size_];
    minibatch.discount[i] = link(from) & kTerminated ? 0.0f : discount;
    copy_observation(next_observation(from), next, row);
  }
}

StoredTransition Replay::at(std::int64_t age) const {
  const float* from = records_.data() + (begin() + age) % capacity_ * stride_;
  const float* next = next_observation(from);
  const std::uint32_t link = this->link(from);
  return {{from, from + observation_size_}, {from + observation_size_, from + observation_size_ + action_size_},
          {next, next + observation_size_}, from[observation_size_ + action_size_],
          (link & kTerminated) != 0,        (link & kTruncated) != 0};
}

std::int64_t Replay::follower(std::int64_t age) const {
  const std::uint32_t link = this->link(record(begin() + age));
  return (link & (kEnded | kPending)) != 0 ? -1 : age + (link >> 2);
}

}  // namespace ddpg
