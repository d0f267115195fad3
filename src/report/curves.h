// Curves of several runs, brought together step by step.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>
#include <vector>

#include "run/progress_table.h"

namespace ddpg {

/// What one run measured: finite values at ascending steps.
struct Curve {
  std::vector<double> steps, values;

  bool empty() const { return steps.empty(); }
};

/// The rows of `table` in which the column holds a finite number; of rows with the same step the last. With
/// `evaluations_only`, the rows of evaluations.
Curve curve_of(const ProgressTable& table, std::string_view column, bool evaluations_only = false);
/// Environment steps per second, of the rows in which updates were made: the random warm-up before is a thousand times
/// as fast and would hide them.
Curve throughput_of(const ProgressTable& table);
/// The value at `step`, between two measured ones in proportion; NaN outside of what was measured.
double value_at(const Curve& curve, double step);
/// The mean of the value at `step` and the `count` - 1 measured before it; NaN where there are not so many.
double mean_up_to(const Curve& curve, double step, int count);

/// The runs of a group at one step.
struct CurvePoint {
  double step = 0;
  int runs = 0;  ///< that were measured up to here
  double iqm = 0;
  double low = 0, high = 0;  ///< of the 95 % interval of the interquartile mean; NaN with one run
  double mean = 0, deviation = 0;
  double min = 0, max = 0;
};

enum class Band { none, bootstrap };

/// The grid is every step at which a run was measured. Where runs were measured at different steps, each is taken
/// between its neighbours in proportion, and nowhere beyond its last; a grid beyond `most_points` is thinned evenly,
/// its first and last step kept. Throws Interrupted when `*stop` becomes true.
std::vector<CurvePoint> aggregate(const std::vector<Curve>& curves, Band band, std::size_t most_points = 2'000,
                                  const std::atomic<bool>* stop = nullptr);

/// Repetitions of the bootstrap along a curve, and of the scores at one step.
inline constexpr std::size_t kCurveRepetitions = 2'000, kScoreRepetitions = 20'000;

}  // namespace ddpg
