#include "report/curves.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "report/statistics.h"
#include "support/math.h"
#include "support/stop.h"

namespace ddpg {
namespace {

std::vector<double> grid_of(const std::vector<Curve>& curves, std::size_t most_points) {
  std::vector<double> steps;
  for (const Curve& curve : curves) steps.insert(steps.end(), curve.steps.begin(), curve.steps.end());
  std::sort(steps.begin(), steps.end());
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  if (steps.size() <= most_points || most_points < 2) return steps;
  std::vector<double> thinned;
  for (std::size_t i = 0; i < most_points; i++) thinned.push_back(steps[i * (steps.size() - 1) / (most_points - 1)]);
  return thinned;
}

// Keeps the resamples of each number of runs: they are drawn once.
class Bands {
 public:
  Interval around(std::span<const double> values, const std::atomic<bool>* stop) {
    if (values.size() < 2) return {kNaN, kNaN};
    return drawn_.try_emplace(values.size(), values.size(), kCurveRepetitions)
        .first->second.interquartile_mean_interval(values, stop);
  }

 private:
  std::map<std::size_t, Bootstrap> drawn_;
};

}  // namespace

Curve curve_of(const ProgressTable& table, std::string_view column, bool evaluations_only) {
  const auto steps = table.column("step"), values = table.column(column);
  const auto episodes = table.column("evaluation_episodes");
  Curve curve;
  for (std::size_t i = 0; i < values.size(); i++) {
    if (!std::isfinite(values[i])) continue;
    if (evaluations_only && !episodes.empty() && !(episodes[i] > 0)) continue;
    if (!curve.empty() && curve.steps.back() == steps[i]) {
      curve.values.back() = values[i];
    } else {
      curve.steps.push_back(steps[i]);
      curve.values.push_back(values[i]);
    }
  }
  return curve;
}

Curve throughput_of(const ProgressTable& table) {
  const Curve all = curve_of(table, "steps_per_second"), learning = curve_of(table, "updates_per_second");
  Curve kept;
  for (std::size_t i = 0; i < all.steps.size(); i++) {
    const double updates = value_at(learning, all.steps[i]);
    if (updates == 0) continue;  // NaN where a table of an older version has no such column
    kept.steps.push_back(all.steps[i]);
    kept.values.push_back(all.values[i]);
  }
  return kept;
}

double value_at(const Curve& curve, double step) {
  if (curve.empty() || step < curve.steps.front() || step > curve.steps.back()) return kNaN;
  const auto above = std::lower_bound(curve.steps.begin(), curve.steps.end(), step);
  const auto i = static_cast<std::size_t>(above - curve.steps.begin());
  if (curve.steps[i] == step) return curve.values[i];
  const double share = (step - curve.steps[i - 1]) / (curve.steps[i] - curve.steps[i - 1]);
  return curve.values[i - 1] + share * (curve.values[i] - curve.values[i - 1]);
}

double mean_up_to(const Curve& curve, double step, int count) {
  double sum = value_at(curve, step);
  const auto before = std::lower_bound(curve.steps.begin(), curve.steps.end(), step) - curve.steps.begin();
  if (before < count - 1) return kNaN;
  for (auto i = before - (count - 1); i < before; i++) sum += curve.values[static_cast<std::size_t>(i)];
  return sum / count;
}

std::vector<CurvePoint> aggregate(const std::vector<Curve>& curves, Band band, std::size_t most_points,
                                  const std::atomic<bool>* stop) {
  std::vector<CurvePoint> points;
  std::vector<double> values;
  Bands bands;
  for (double step : grid_of(curves, most_points)) {
    throw_if_stopped(stop, "a report");
    values.clear();
    for (const Curve& curve : curves) {
      if (const double value = value_at(curve, step); !std::isnan(value)) values.push_back(value);
    }
    const auto [min, max] = std::minmax_element(values.begin(), values.end());
    const Interval interval = band == Band::bootstrap ? bands.around(values, stop) : Interval{kNaN, kNaN};
    points.push_back({.step = step,
                      .runs = static_cast<int>(values.size()),
                      .iqm = interquartile_mean(values),
                      .low = interval.low,
                      .high = interval.high,
                      .mean = mean(values),
                      .deviation = sample_deviation(values),
                      .min = *min,
                      .max = *max});
  }
  return points;
}

}  // namespace ddpg
