// Noise added to the action while training, in units of each action's half-range.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ddpg/noise.h"
#include "ddpg/options.h"
#include "ddpg/random.h"
#include "support/snapshot.h"

namespace ddpg {

// Why these options cannot be had with so many actions, one message each.
std::vector<std::string> exploration_violations(const ExplorationOptions& options, int action_size);

// Why there is no noise of the program's own under that name; "" where there is (noise.cpp).
std::string why_no_noise(const std::string& name);

// Which actor's noise it is, of how many that play at the same time.
struct Rung {
  int actor = 0, actors = 1;
};

// Gaussian: n = sigma N(0, 1). Ornstein-Uhlenbeck (Uhlenbeck and Ornstein 1930), by Euler and Maruyama:
//   x <- x - theta x dt + sigma sqrt(dt) N(0, 1),  n = x.
// Or a process of the user's own. Each dimension is scaled by its sigma_each, and each actor's noise by its rung of
// sigma_ladder.
class Exploration {
 public:
  // Throws UsageError with the first of exploration_violations().
  Exploration(const ExplorationOptions& options, int action_size, Rung rung = {});

  // At the start of an episode: Ornstein-Uhlenbeck begins at 0 again.
  void reset();
  // noise [action_size] for environment step `step`, counted from 0.
  void sample(RandomStream& random, std::int64_t step, std::span<double> noise);
  // The scale in force at `step`: linear from sigma to sigma_final over decay_steps. That of the ladder's middle.
  double sigma(std::int64_t step) const;

  void exchange(Snapshot& snapshot);

 private:
  ExplorationOptions options_;
  double of_rung_;  // this actor's sigma over that
  std::vector<double> state_;
  std::unique_ptr<NoiseProcess> own_;
};

}  // namespace ddpg
