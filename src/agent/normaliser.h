// Running mean and standard deviation of the observations, and the normalisation by them.
// Updated once for each fresh observation of the training environment; evaluation and gradients only read.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nn/panels.h"
#include "support/snapshot.h"

namespace ddpg {

class Normaliser {
 public:
  Normaliser(int size, double clip);

  // Takes one observation into the statistics (Welford 1962).
  void update(std::span<const double> observation);
  // x = clip((x - mean) / deviation), in place; rows of features.
  void apply(Panels observations) const;

  const std::vector<double>& mean() const { return mean_; }
  // Standard deviation, at least 1e-4; 1 before the second observation.
  std::vector<double> deviation() const;
  double clip() const { return clip_; }

  void exchange(Snapshot& snapshot) {
    snapshot.value("count", count_);
    snapshot.array("mean", mean_);
    snapshot.array("squares", squares_);
  }

 private:
  double deviation(std::size_t i) const;

  double clip_;
  std::int64_t count_ = 0;
  std::vector<double> mean_, squares_;
};

}  // namespace ddpg
