// The replay buffer for checkpoints: see replay_rows.h. In a column a link says of an ended episode only how it ended,
// since the places of last observations are this buffer's own affair: equal buffers give equal columns.
#include "agent/replay_rows.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#include "agent/replay.h"
#include "ddpg/error.h"

namespace ddpg {

// Only the last transition of an episode that goes on still waits for what follows it. Few of them: one a copy.
ReplayRange Replay::settled() const {
  ReplayRange range = kept();
  for (const std::int64_t waiting : previous_)
    if (waiting >= range.begin && !has_ended(record(waiting))) range.end = std::min(range.end, waiting);
  return range;
}

bool Replay::would_overwrite(const ReplayRange& range, std::int64_t transitions) const {
  return end_ + transitions > range.begin + capacity_;
}

ReplayColumns Replay::columns() const {
  using Kind = ReplayColumn::Kind;
  const int reward = observation_size_ + action_size_;
  return {{{"observation", Dtype::f32, Kind::number, 0, observation_size_},
           {"action", Dtype::f32, Kind::number, observation_size_, action_size_},
           {"reward", Dtype::f32, Kind::number, reward, 1},
           {"link", Dtype::u32, Kind::link, reward + 1, 1},
           {"last_observation", Dtype::f32, Kind::last_observation, 0, observation_size_}}};
}

std::int64_t Replay::rows(const ReplayColumn& column, const ReplayRange& range) const {
  if (column.kind != ReplayColumn::Kind::last_observation) return range.size();
  std::int64_t ends = 0;
  for (std::int64_t transition = range.begin; transition < range.end; transition++)
    ends += has_ended(record(transition));
  return ends;
}

void Replay::copy_out(const ReplayColumn& column, const ReplayRange& range, float* floats) const {
  using Kind = ReplayColumn::Kind;
  for (std::int64_t transition = range.begin; transition < range.end; transition++) {
    const float* from = record(transition);
    if (column.kind == Kind::last_observation && !has_ended(from)) continue;
    const float* row = column.kind == Kind::last_observation ? last(from) : from + column.offset;
    std::memcpy(floats, row, static_cast<std::size_t>(column.width) * sizeof(float));
    if (column.kind == Kind::link && has_ended(from)) *floats = std::bit_cast<float>(link(from) & kEnded);
    floats += column.width;
  }
}

void Replay::copy_in(const ReplayColumn& column, const ReplayRange& range, const float* floats) {
  using Kind = ReplayColumn::Kind;
  for (std::int64_t transition = range.begin; transition < range.end; transition++) {
    float* to = record(transition);
    if (column.kind == Kind::last_observation && !has_ended(to)) continue;
    float* row = column.kind == Kind::last_observation ? given_place(to) : to + column.offset;
    if (column.kind == Kind::link) give_place_back(to);
    std::memcpy(row, floats, static_cast<std::size_t>(column.width) * sizeof(float));
    if (column.kind == Kind::link && has_ended(to)) set_link(to, kNoPlace << 2 | (link(to) & kEnded));
    floats += column.width;
  }
}

// Of an ended transition: its place for the last observation, which it gets now where it has none.
float* Replay::given_place(float* record) {
  const std::uint32_t link = this->link(record);
  return link >> 2 == kNoPlace ? take_place(record, link & kEnded) : last(link >> 2);
}

// Buffers of the first version of the format let their oldest transitions go early where episodes were short.
void Replay::check_counts(const ReplayRange& settled) const {
  if (settled.begin > begin() && settled.begin <= settled.end && settled.end <= end_) {
    throw Error(
        "[replay] the buffer holds fewer transitions than it should, as those of an older ddpg do where episodes are "
        "short; resume with the ddpg that wrote it, or train anew");
  }
  if (end_ < 0 || first_ > end_ || settled.begin != begin() || settled.end < settled.begin || settled.end > end_)
    throw Error("[replay] its counts do not fit together; the checkpoint is damaged");
}

void Replay::take_over(Replay& smaller) {
  if (smaller.capacity_ == capacity_) {
    *this = std::move(smaller);
    return;
  }
  first_ = smaller.begin();
  end_ = smaller.end_;
  pending_ = smaller.pending_;
  previous_ = smaller.previous_;
  constexpr std::int64_t kAtATime = 65'536;
  for (std::int64_t begin = first_; begin < end_; begin += kAtATime) {
    const ReplayRange range{begin, std::min(begin + kAtATime, end_)};
    for (const ReplayColumn& column : columns()) {
      std::vector<float> floats(static_cast<std::size_t>(smaller.rows(column, range) * column.width));
      smaller.copy_out(column, range, floats.data());
      copy_in(column, range, floats.data());
    }
  }
}

void Replay::exchange(Snapshot& snapshot) {
  if (snapshot.restores() ? snapshot.has("first") : first_ > 0) snapshot.value("first", first_);
  if (first_ < 0) throw Error("[replay] the number of its first transition is negative; the checkpoint is damaged");
  ReplayRange range = settled();
  snapshot.value("begin", range.begin);
  snapshot.value("end", end_);
  snapshot.value("settled", range.end);
  snapshot.array("pending", pending_);
  snapshot.array("previous", previous_);
  if (snapshot.restores()) check_counts(range);
  const ReplayRange unsettled{range.end, end_};
  for (const ReplayColumn& column : columns()) {
    std::vector<float> floats;
    if (!snapshot.restores()) {
      floats.resize(static_cast<std::size_t>(rows(column, unsettled) * column.width));
      copy_out(column, unsettled, floats.data());
    }
    snapshot.list(std::string("unsettled.") + column.name, floats);
    if (!snapshot.restores()) continue;
    if (static_cast<std::int64_t>(floats.size()) != rows(column, unsettled) * column.width)
      throw Error("[replay] what was kept does not fit together; the checkpoint is damaged");
    copy_in(column, unsettled, floats.data());
  }
  if (snapshot.restores() && !is_sound())
    throw Error("[replay] the links between transitions lead nowhere; the checkpoint is damaged");
}

}  // namespace ddpg
