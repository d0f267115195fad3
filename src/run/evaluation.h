// Test episodes without noise. They draw from their own random stream and touch nothing of a training.
#pragma once

#include <functional>
#include <span>

#include "ddpg/train.h"

namespace ddpg {

// Q(s, a), for the comparison of what was predicted with what was obtained.
using ValueFunction = std::function<double(std::span<const double> observation, std::span<const float> action)>;

// As evaluate() of train.h; with `value`, also predicted_q and discounted_return under `discount`.
Evaluation evaluate_with_value(Policy& policy, Environment& environment, int episodes, std::uint64_t seed,
                               std::uint64_t index, double discount, const ValueFunction& value);

}  // namespace ddpg
