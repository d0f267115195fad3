// Hindsight on line 11 of Algorithm 1: rows of a minibatch are learnt from as if their goal had been one that their
// episode reached later. Andrychowicz et al. 2017, "Hindsight experience replay", arXiv:1707.01495, strategy "future".
// Not here: which transitions are drawn (sampler.h); any sampler will do.
#pragma once

#include <string>
#include <vector>

#include "agent/minibatch.h"
#include "agent/normaliser.h"
#include "agent/replay.h"
#include "ddpg/environment.h"
#include "ddpg/options.h"
#include "ddpg/random.h"
#include "support/snapshot.h"

namespace ddpg {

// Why these options cannot be had on that task; "" where they can.
std::string why_no_hindsight(const Options& options, const Specification& specification);

class Hindsight {
 public:
  // Options must be valid, and possible on a task with these goals. Draws from RandomStream(options.seed, "hindsight").
  Hindsight(const Options& options, const Goals& goals);

  // `minibatch`: rows as the replay buffer has them, of one step each. `normaliser`, of which they hold
  // from_origin(), may be null. Throws Error where the judge gives a reward that is not finite, and what the judge
  // throws; nothing was learnt then.
  void relabel(const Replay& replay, const Normaliser* normaliser, Minibatch& minibatch);

  void exchange(Snapshot& snapshot);

 private:
  void take_goal(std::span<const float> from, const Normaliser* normaliser, Minibatch& minibatch, int row);
  [[noreturn]] void fail(std::size_t n, double reward) const;

  Goals goals_;
  double share_;  // of the rows
  RandomStream random_;
  // of the rows that get another goal
  std::vector<int> rows_;
  std::vector<double> achieved_, desired_;  // [rows, size]
  std::vector<StepResult> results_;
};

}  // namespace ddpg
