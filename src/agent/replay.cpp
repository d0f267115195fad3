#include "agent/replay.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
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
  return std::min(capacity, std::max(std::int64_t{65'536}, capacity / 8));
}

// Zero pages that the system hands out as they are first written: the size is reserved at once, used as the buffer
// fills.
float* take(std::size_t floats) {
  auto* p = static_cast<float*>(std::calloc(floats, sizeof(float)));
  if (!p)
    throw Error("[replay] " + std::to_string(floats * sizeof(float)) +
                " bytes were wanted and not to be had; lower replay_capacity");
  return p;
}

void copy_row(const float* from, Panels to, int row) {
  for (int p = 0; p < to.panels(); p++)
    std::memcpy(to.row(p, row), from + p * kPanel,
                sizeof(float) * static_cast<std::size_t>(std::min(kPanel, to.width - p * kPanel)));
}

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
      records_(take(static_cast<std::size_t>(capacity + 1) * static_cast<std::size_t>(stride_))),
      lasts_(take(static_cast<std::size_t>(last_capacity_) * static_cast<std::size_t>(observation_size))) {}

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
    following = lasts_.get() + place * observation_size_;
    code = static_cast<std::uint32_t>(place) << 2 | (terminated ? kTerminated : 0) | (truncated ? kTruncated : 0);
  }
  here[action_size_ + 1] = std::bit_cast<float>(code);
  for (int i = 0; i < observation_size_; i++) following[i] = static_cast<float>(next[static_cast<std::size_t>(i)]);
  end_++;
}

std::uint32_t Replay::end_code(std::int64_t transition) const {
  return std::bit_cast<std::uint32_t>(record(transition)[observation_size_ + action_size_ + 1]);
}

void Replay::forget_oldest() {
  if (end_code(begin_) != 0) last_begin_++;
  begin_++;
}

const float* Replay::next_observation(std::int64_t transition) const {
  const std::uint32_t code = end_code(transition);
  return code == 0 ? record(transition + 1) : lasts_.get() + static_cast<std::ptrdiff_t>(code >> 2) * observation_size_;
}

void Replay::sample(RandomStream& random, Minibatch& minibatch) {
  const Panels observation = minibatch.observation.view(), action = minibatch.action.view(),
               next = minibatch.next_observation.view();
  drawn_.resize(minibatch.reward.size());
  for (std::int64_t& transition : drawn_) {
    transition = begin_ + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(size())));
    const char* line = reinterpret_cast<const char*>(record(transition));
    for (std::ptrdiff_t byte = 0; byte < (stride_ + observation_size_) * 4 && byte < 512; byte += 64)
      __builtin_prefetch(line + byte);
  }
  for (std::size_t i = 0; i < drawn_.size(); i++) {
    const int row = static_cast<int>(i);
    const float* from = record(drawn_[i]);
    copy_row(from, observation, row);
    copy_row(from + observation_size_, action, row);
    minibatch.reward[i] = from[observation_size_ + action_size_];
    minibatch.terminated[i] = end_code(drawn_[i]) & kTerminated ? 1.0f : 0.0f;
    copy_row(next_observation(drawn_[i]), next, row);
  }
}

StoredTransition Replay::at(std::int64_t age) const {
  const std::int64_t transition = begin_ + age;
  const float* from = record(transition);
  const float* next = next_observation(transition);
  const std::uint32_t code = end_code(transition);
  return {{from, from + observation_size_}, {from + observation_size_, from + observation_size_ + action_size_},
          {next, next + observation_size_}, from[observation_size_ + action_size_],
          (code & kTerminated) != 0,        (code & kTruncated) != 0};
}

}  // namespace ddpg
