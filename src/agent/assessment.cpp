#include "agent/assessment.h"

#include <algorithm>
#include <cmath>

#include "ddpg/error.h"

namespace ddpg {

Verdict Assessment::episode(double episode_return) {
  worst_ = episodes_ == 0 ? episode_return : std::min(worst_, episode_return);
  episodes_++;
  const bool is_worse = has_kept_ && worst_ < worst_of_kept_;
  const std::int64_t most = switched_ ? options_.episodes : options_.early_episodes;
  if (!is_worse && episodes_ < most) return Verdict::undecided;
  episodes_ = 0;
  if (is_worse) return Verdict::discarded;
  has_kept_ = true;
  worst_of_kept_ = worst_;
  return Verdict::kept;
}

void Assessment::before_update(std::int64_t updates) {
  episodes_ = 0;  // the next one is that of another policy
  if (switched_ || updates < options_.early_updates) return;
  switched_ = true;
  worst_of_kept_ *= options_.reset_weight;
}

void Assessment::exchange(Snapshot& snapshot) {
  snapshot.value("switched", switched_);
  snapshot.value("episodes", episodes_);
  snapshot.value("worst", worst_);
  snapshot.value("has_kept", has_kept_);
  snapshot.value("worst_of_kept", worst_of_kept_);
  if (episodes_ < 0 || std::isnan(worst_) || std::isnan(worst_of_kept_))
    throw Error("[assessment] its counts cannot be those of a training; the checkpoint is damaged");
}

}  // namespace ddpg
