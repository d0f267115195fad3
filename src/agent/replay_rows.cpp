// The replay buffer for checkpoints: see replay_rows.h. A link is stored as it lies in memory, so that what is restored
// is the same to the bit.
#include "agent/replay_rows.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "agent/replay.h"
#include "ddpg/error.h"

namespace ddpg {

// Only the last transition of an episode that goes on still waits for what follows it. Few of them: one a copy.
ReplayRange Replay::settled() const {
  ReplayRange range = kept();
  for (const std::int64_t waiting : previous_)
    if (waiting >= begin_) range.end = std::min(range.end, waiting);
  range.last_end -= episode_ends(range.end, end_);
  return range;
}

std::int64_t Replay::episode_ends(std::int64_t begin, std::int64_t end) const {
  std::int64_t ends = 0;
  for (std::int64_t transition = begin; transition < end; transition++) ends += has_ended(transition);
  return ends;
}

bool Replay::would_overwrite(const ReplayRange& range, std::int64_t transitions) const {
  return end_ + transitions > range.begin + capacity_ || last_end_ + transitions > range.last_begin + last_capacity_;
}

ReplayColumns Replay::columns() const {
  return {{{"observation", Dtype::f32, 0, observation_size_, false},
           {"action", Dtype::f32, observation_size_, action_size_, false},
           {"reward", Dtype::f32, observation_size_ + action_size_, 1, false},
           {"link", Dtype::u32, observation_size_ + action_size_ + 1, 1, false},
           {"last_observation", Dtype::f32, 0, observation_size_, true}}};
}

float* Replay::place(const ReplayColumn& column, std::int64_t row) {
  if (column.of_lasts) return lasts_.data() + row % last_capacity_ * observation_size_;
  return record(row) + column.offset;
}

void Replay::copy_out(const ReplayColumn& column, std::int64_t first, std::int64_t rows, float* floats) const {
  const auto width = static_cast<std::size_t>(column.width);
  for (std::int64_t row = first; row < first + rows; row++, floats += width)
    std::memcpy(floats, place(column, row), width * sizeof(float));
}

void Replay::copy_in(const ReplayColumn& column, std::int64_t first, std::int64_t rows, const float* floats) {
  const auto width = static_cast<std::size_t>(column.width);
  for (std::int64_t row = first; row < first + rows; row++, floats += width)
    std::memcpy(place(column, row), floats, width * sizeof(float));
}

void Replay::exchange(Snapshot& snapshot) {
  ReplayRange range = settled();
  snapshot.value("begin", begin_);
  snapshot.value("end", end_);
  snapshot.value("last_begin", last_begin_);
  snapshot.value("last_end", last_end_);
  snapshot.value("settled", range.end);
  snapshot.value("last_settled", range.last_end);
  snapshot.array("pending", pending_);
  snapshot.array("previous", previous_);
  for (const ReplayColumn& column : columns()) {
    const std::int64_t first = column.of_lasts ? range.last_end : range.end;
    std::int64_t rows = (column.of_lasts ? last_end_ : end_) - first;
    std::vector<float> floats;
    if (!snapshot.restores()) {
      floats.resize(static_cast<std::size_t>(rows * column.width));
      copy_out(column, first, rows, floats.data());
    }
    snapshot.list(std::string("unsettled.") + column.name, floats);
    if (!snapshot.restores()) continue;
    const bool possible = first >= 0 && rows >= 0 && rows <= capacity_;
    if (!possible || static_cast<std::int64_t>(floats.size()) != rows * column.width)
      throw Error("[replay] what was kept does not fit together; the checkpoint is damaged");
    copy_in(column, first, rows, floats.data());
  }
  if (snapshot.restores() && !is_sound())
    throw Error("[replay] the links between transitions lead nowhere; the checkpoint is damaged");
}

}  // namespace ddpg
