// What an update learns from: rows of (s, a, r, s'), as the networks see them, and what a sampler says of each row.
#pragma once

#include <cstdint>
#include <vector>

#include "nn/panels.h"

namespace ddpg {

struct Minibatch {
  Minibatch(int batch_size, int observation_size, int action_size)
      : observation(batch_size, observation_size),
        action(batch_size, action_size),
        next_observation(batch_size, observation_size),
        reward(static_cast<std::size_t>(batch_size)),
        discount(reward.size()),
        weight(reward.size(), 1.0f),
        index(reward.size()) {}

  PanelMatrix observation, action, next_observation;  // [batch, size]
  std::vector<float> reward;                          // [batch]: of one step, or the discounted sum of n
  std::vector<float> discount;                        // [batch]: of what follows, gamma^n (1 - terminated)
  std::vector<float> weight;                          // [batch]: in the critic's loss
  std::vector<std::int64_t> index;                    // [batch]: which transition, counted since the first
};

}  // namespace ddpg
