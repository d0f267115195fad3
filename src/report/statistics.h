// Statistics over few runs, as Agarwal et al. 2021 recommend them ("Deep reinforcement learning at the edge of the
// statistical precipice", arXiv:2108.13264) and their library rliable computes them: the interquartile mean, its
// interval by a percentile bootstrap over the runs, and the probability of improvement. Everything is deterministic:
// the resamples come from RandomStream(0, ...). What resamples throws Interrupted when `*stop` becomes true.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

namespace ddpg {

struct Interval {
  double low = 0;
  double high = 0;
};

/// Mean of what is left when a quarter of the values, rounded down, is cut off at each end: scipy.stats.trim_mean(x,
/// 0.25). The plain mean below four values; NaN of none.
double interquartile_mean(std::span<const double> values);
double mean(std::span<const double> values);
/// With n - 1 in the denominator; NaN below two values.
double sample_deviation(std::span<const double> values);
/// The q-quantile, q in [0, 1], between the two nearest of `sorted` in proportion, as numpy.quantile's default.
double quantile(std::span<const double> sorted, double q);

/// Share of all pairs (x, y) in which x is the greater, a tie counting one half: P(X > Y), the Mann-Whitney statistic
/// over its largest value.
double probability_of_improvement(std::span<const double> x, std::span<const double> y);

/// The resamples of n runs, drawn once and used for every point of a curve, so that a band is smooth along it.
class Bootstrap {
 public:
  /// `stream` separates the resamples of two groups that are compared.
  Bootstrap(std::size_t runs, std::size_t repetitions, std::uint64_t stream = 0);

  std::size_t runs() const { return runs_; }
  std::size_t repetitions() const { return picks_.size() / runs_; }
  /// Writes the values [runs] that resample number `repetition` picks.
  void resample(std::span<const double> values, std::size_t repetition, std::span<double> out) const;

  /// The central 95 % of the interquartile means of the resamples of `values` [runs].
  Interval interquartile_mean_interval(std::span<const double> values, const std::atomic<bool>* stop = nullptr) const;

 private:
  std::size_t runs_;
  std::vector<std::uint32_t> picks_;  // [repetitions, runs]
};

/// The central 95 % of the probability of improvement, both groups resampled on their own.
Interval improvement_interval(std::span<const double> x, std::span<const double> y, std::size_t repetitions,
                              const std::atomic<bool>* stop = nullptr);

}  // namespace ddpg
