#include "agent/replay.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#include "ddpg/error.h"

namespace ddpg {
namespace {

constexpr std::uint32_t kTerminated = 1,
                        kTruncated = 2;  // of the end code; above them the place of the last observation

std::ptrdiff_t record_floats(int observation_size, int action_size) {
  return observation_size + action_size + 2;
}

std::int64_t last_observations(std::int64_t capacity) {
  constexpr std::int64_t kMost = std::int64_t{1} << 30;  // the end code has 30 bits for the place
  return std::min({capacity, std::max(std::int64_t{65'536}, capacity / 8), kMost});
}

ZeroPages take(std::ptrdiff_t rows, std::ptrdiff_t width) try {
  return ZeroPages(static_cast<std::size_t>(rows) * static_cast<std::size_t>(width) + kPanel);
} catch (const Error& error) {
  throw Error(std::string("[replay] ") + error.what() + ", " + std::to_string(rows) + " rows of " +
              std::to_string(width * 4) + " bytes; lower replay_capacity");
}

// A row of `from` into panels, four floats at a time; what lies beyond the width is masked away (and may be read: the
// arrays are longer than they need be).
class RowCopy {
 public:
  explicit RowCopy(int width) : whole_(width / kPanel), fours_((width % kPanel + 3) / 4) {
    for (int i = 0; i < kPanel; i++) mask_[i] = i < width % kPanel ? ~0u : 0u;
  }

  void operator()(const float* from, Panels to, int row) const {
    for (int p = 0; p < whole_; p++) std::memcpy(to.row(p, row), from + p * kPanel, sizeof(float) * kPanel);
    for (int four = 0; four < fours_; four++) {
      std::uint32_t bits[4];
      std::memcpy(bits, from + whole_ * kPanel + four * 4, sizeof bits);
      for (int i = 0; i < 4; i++) bits[i] &= mask_[four * 4 + i];
      std::memcpy(to.row(whole_, row) + four * 4, bits, sizeof bits);
    }
  }

 private:
  int whole_, fours_;  // panels, and groups of four floats after them
  std::uint32_t mask_[kPanel];
};

}  // namespace

std::size_t Replay::size_in_bytes(int observation_size, int action_size, std::int64_t capacity) {
  const auto records =
      static_cast<std::size_t>(capacity + 1) * static_cast<std::size_t>(record_floats(observation_size, action_size));
  const auto lasts = static_cast<std::size_t>(last_observations(capacity)) * static_cast<std::size_t>(observation_size);
  return (records + lasts) * sizeof(float);
}

Replay::Replay(int observation_size, int action_size, std::int64_t capacity)
    : observation_size_(observation_size),
      action_size_(action_size),
      stride_(record_floats(observation_size, action_size)),
      capacity_(capacity),
      last_capacity_(last_observations(capacity)),
      records_(take(capacity + 1, stride_)),
      lasts_(take(last_capacity_, observation_size)) {}

void Replay::begin_episode(std::span<const double> observation) {
  float* to = record(end_);
  for (int i = 0; i < observation_size_; i++) to[i] = static_cast<float>(observation[static_cast<std::size_t>(i)]);
}

void Replay::add(std::span<const float> action, double reward, bool terminated, bool truncated,
                 std::span<const double> next) {
  const bool ended = terminated || truncated;
  if (size() == capacity_) forget_oldest();
  while (ended && last_end_ - last_begin_ == last_capacity_) forget_oldest();

  float* here = record(end_) + observation_size_;
  std::copy(action.begin(), action.end(), here);
  here[action_size_] = static_cast<float>(reward);
  std::uint32_t code = 0;
  float* following = record(end_ + 1);
  if (ended) {
    const std::int64_t place = last_end_++ % last_capacity_;
    following = lasts_.data() + place * observation_size_;
    code = static_cast<std::uint32_t>(place) << 2 | (terminated ? kTerminated : 0) | (truncated ? kTruncated : 0);
  }
  here[action_size_ + 1] = std::bit_cast<float>(code);
  for (int i = 0; i < observation_size_; i++) following[i] = static_cast<float>(next[static_cast<std::size_t>(i)]);
  end_++;
}

std::uint32_t Replay::end_code(const float* record) const {
  return std::bit_cast<std::uint32_t>(record[observation_size_ + action_size_ + 1]);
}

void Replay::forget_oldest() {
  if (end_code(record(begin_)) != 0) last_begin_++;
  begin_++;
}

const float* Replay::next_observation(const float* record) const {
  const std::uint32_t code = end_code(record);
  if (code != 0) return lasts_.data() + static_cast<std::ptrdiff_t>(code >> 2) * observation_size_;
  const bool last_of_ring = record == records_.data() + capacity_ * stride_;
  return last_of_ring ? records_.data() : record + stride_;
}

void Replay::sample(RandomStream& random, Minibatch& minibatch) const {
  const Panels observation = minibatch.observation.view(), action = minibatch.action.view();
  const Panels next = minibatch.next_observation.view();
  const RowCopy copy_observation(observation_size_), copy_action(action_size_);
  const std::ptrdiff_t bytes = std::min<std::ptrdiff_t>((stride_ + observation_size_) * 4, 512);
  const std::int64_t first = begin_ % (capacity_ + 1);
  const auto draw = [&] {
    const std::int64_t place = first + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(size())));
    const float* drawn = records_.data() + (place <= capacity_ ? place : place - capacity_ - 1) * stride_;
    const char* line = reinterpret_cast<const char*>(drawn);
    for (std::ptrdiff_t byte = 0; byte < bytes; byte += 64) __builtin_prefetch(line + byte);
    __builtin_prefetch(line + bytes - 1);
    return drawn;
  };

  // some are drawn ahead, so that they are on their way from memory while others are copied
  constexpr std::size_t kAhead = 16;
  const float* drawn[kAhead];
  const std::size_t count = minibatch.reward.size();
  for (std::size_t i = 0; i < std::min(kAhead, count); i++) drawn[i] = draw();
  for (std::size_t i = 0; i < count; i++) {
    const int row = static_cast<int>(i);
    const float* from = drawn[i % kAhead];
    if (i + kAhead < count) drawn[i % kAhead] = draw();
    copy_observation(from, observation, row);
    copy_action(from + observation_size_, action, row);
    minibatch.reward[i] = from[observation_size_ + action_size_];
    minibatch.terminated[i] = end_code(from) & kTerminated ? 1.0f : 0.0f;
    copy_observation(next_observation(from), next, row);
  }
}

StoredTransition Replay::at(std::int64_t age) const {
  const float* from = record(begin_ + age);
  const float* next = next_observation(from);
  const std::uint32_t code = end_code(from);
  return {{from, from + observation_size_}, {from + observation_size_, from + observation_size_ + action_size_},
          {next, next + observation_size_}, from[observation_size_ + action_size_],
          (code & kTerminated) != 0,        (code & kTruncated) != 0};
}

}  // namespace ddpg
