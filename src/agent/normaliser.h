// Running mean and standard deviation of the observations, and the normalisation by them, in double until all is done.
// Updated once for each fresh observation of the training environment; evaluation and gradients only read.
//
// The replay buffer keeps floats, and a float near 1e8 knows no steps smaller than 8. So it keeps how far an
// observation lies from the first one that was ever seen, the origin. That one is counted in the deviation too: of n
// observations none lies further from it than sqrt(2 n) deviations, so that what a float loses is small beside a
// deviation.
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
  // row = clip((observation - mean) / deviation).
  void apply(std::span<const double> observation, Panels row) const;

  // observation - origin, what the replay buffer keeps; valid until the next call. Sets the origin where there is none.
  std::span<const double> from_origin(std::span<const double> observation);
  // Normalises, in place, rows that hold what from_origin() gives; the result is that of apply().
  void apply_from_origin(Panels rows) const;
  const std::vector<double>& origin() const { return origin_; }  // NaN before the first observation

  const std::vector<double>& mean() const { return mean_; }
  // Standard deviation; 1 before the second observation. A feature that never changed beyond rounding is divided by its
  // size, because a deviation of 0 would make its first change huge.
  double deviation(std::size_t i) const;
  std::vector<double> deviation() const;
  double clip() const { return clip_; }

  // As after `count` observations with this mean and standard deviation. Before the first one.
  void start_from(std::span<const double> mean, std::span<const double> deviation, std::int64_t count);

  void exchange(Snapshot& snapshot);

 private:
  void set_origin(std::span<const double> observation);  // once
  float normalised(double from_mean, double deviation) const;

  double clip_;
  std::int64_t count_ = 0;
  std::vector<double> mean_, squares_, origin_;
  std::vector<double> from_origin_;  // of the observation asked for last
};

}  // namespace ddpg
