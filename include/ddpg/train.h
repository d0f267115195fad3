// Training and evaluation, as a program calls them.
#pragma once

#include <atomic>
#include <vector>

#include "ddpg/observer.h"
#include "ddpg/options.h"
#include "ddpg/policy.h"

namespace ddpg {

struct TrainingResult {
  Summary summary;
  Policy policy;
};

/// Trains from the first step to the last. Observers are told in their order. When `*stop` becomes true, training ends
/// after the round in progress, as Outcome::interrupted, with everything told as at a normal end. Throws UsageError
/// when the options are invalid, Error when memory is short or a number stops being finite (with step and place).
TrainingResult train(const Options& options, const std::vector<Observer*>& observers = {},
                     const std::atomic<bool>* stop = nullptr);

/// Plays `episodes` episodes of `environment` with `policy`, without noise. `seed` decides the starting states; the
/// same seed and index give the same ones. Throws UsageError when the sizes differ.
Evaluation evaluate(Policy& policy, Environment& environment, int episodes, std::uint64_t seed,
                    std::uint64_t index = 0);

}  // namespace ddpg
