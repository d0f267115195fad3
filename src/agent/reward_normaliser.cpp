#include "agent/reward_normaliser.h"

#include <limits>

namespace ddpg {

RewardNormaliser::RewardNormaliser(double discount, int actors)
    : discount_(discount),
      statistics_(1, std::numeric_limits<double>::infinity()),
      returns_(static_cast<std::size_t>(actors), 0.0) {}

void RewardNormaliser::update(double reward, int actor) {
  double& discounted = returns_[static_cast<std::size_t>(actor)];
  discounted = discount_ * discounted + reward;
  statistics_.update({&discounted, 1});
}

void RewardNormaliser::apply(std::span<float> rewards) const {
  const double spread = deviation();
  for (float& reward : rewards) reward = static_cast<float>(reward / spread);
}

void RewardNormaliser::exchange(Snapshot& snapshot) {
  statistics_.exchange(snapshot);
  snapshot.array("returns", returns_);
}

}  // namespace ddpg
