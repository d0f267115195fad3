// Transitions of several steps out of the replay buffer: from (s, a) on, the discounted sum of up to n rewards, and the
// observation that follows the last of them. A window never crosses the end of an episode, and it is shorter where its
// actor has not played on yet: then it bootstraps from where it stands, with gamma^k of the k steps that it really has.
#include "agent/replay.h"
#include "agent/row_copy.h"

namespace ddpg {

const float* Replay::next_record(const float* record) const {
  const std::uint32_t link = this->link(record);
  if (link & (kEnded | kPending)) return nullptr;
  return around(record + static_cast<std::ptrdiff_t>(link >> 2) * stride_);
}

void Replay::gather_returns(std::span<const std::int64_t> transitions, float discount, int n,
                            Minibatch& minibatch) const {
  gather(transitions, discount, minibatch);
  if (n == 1) return;
  const RowCopy copy_observation(observation_size_);
  const Panels next = minibatch.next_observation.view();
  for (std::size_t i = 0; i < transitions.size(); i++) {
    const float* last = record(transitions[i]);
    double sum = minibatch.reward[i], power = discount;
    int steps = 1;
    for (; steps < n; steps++, power *= discount) {
      const float* following = next_record(last);
      if (!following) break;
      last = following;
      sum += power * last[observation_size_ + action_size_];
    }
    if (steps == 1) continue;
    minibatch.reward[i] = static_cast<float>(sum);
    minibatch.discount[i] = link(last) & kTerminated ? 0.0f : static_cast<float>(power);
    copy_observation(next_observation(last), next, static_cast<int>(i));
  }
}

std::int64_t Replay::steps_left(std::int64_t transition) const {
  std::int64_t steps = 0;
  for (const float* at = record(transition); at; at = next_record(at)) steps++;
  return steps;
}

std::span<const float> Replay::later_observation(std::int64_t transition, std::int64_t steps) const {
  const float* at = record(transition);
  for (; steps > 0; steps--) at = next_record(at);
  return {next_observation(at), static_cast<std::size_t>(observation_size_)};
}

}  // namespace ddpg
