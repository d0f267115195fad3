#include "report/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "ddpg/random.h"
#include "support/math.h"
#include "support/stop.h"

namespace ddpg {
namespace {

// The interquartile mean of `values`, which are put into another order.
double interquartile_mean_in_place(std::span<double> values) {
  if (values.empty()) return kNaN;
  const std::size_t cut = values.size() / 4;
  std::sort(values.begin(), values.end());
  return mean(values.subspan(cut, values.size() - 2 * cut));
}

Interval central_95(std::vector<double>& values) {
  std::sort(values.begin(), values.end());
  return {quantile(values, 0.025), quantile(values, 0.975)};
}

}  // namespace

double mean(std::span<const double> values) {
  if (values.empty()) return kNaN;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double interquartile_mean(std::span<const double> values) {
  std::vector<double> copy(values.begin(), values.end());
  return interquartile_mean_in_place(copy);
}

double sample_deviation(std::span<const double> values) {
  if (values.size() < 2) return kNaN;
  const double centre = mean(values);
  double sum = 0;
  for (double value : values) sum += (value - centre) * (value - centre);
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

double quantile(std::span<const double> sorted, double q) {
  if (sorted.empty()) return kNaN;
  const double place = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

double probability_of_improvement(std::span<const double> x, std::span<const double> y) {
  if (x.empty() || y.empty()) return kNaN;
  double wins = 0;
  for (double a : x)
    for (double b : y) wins += a > b ? 1 : a == b ? 0.5 : 0;
  return wins / static_cast<double>(x.size() * y.size());
}

Bootstrap::Bootstrap(std::size_t runs, std::size_t repetitions, std::uint64_t stream)
    : runs_(runs), picks_(runs * repetitions) {
  RandomStream random(0, "bootstrap", stream);
  for (std::uint32_t& pick : picks_) pick = static_cast<std::uint32_t>(random.below(runs));
}

void Bootstrap::resample(std::span<const double> values, std::size_t repetition, std::span<double> out) const {
  const std::uint32_t* picks = picks_.data() + repetition * runs_;
  for (std::size_t i = 0; i < runs_; i++) out[i] = values[picks[i]];
}

Interval Bootstrap::interquartile_mean_interval(std::span<const double> values, const std::atomic<bool>* stop) const {
  std::vector<double> drawn(runs_), means(repetitions());
  for (std::size_t r = 0; r < means.size(); r++) {
    throw_if_stopped(stop, "a report");
    resample(values, r, drawn);
    means[r] = interquartile_mean_in_place(drawn);
  }
  return central_95(means);
}

Interval improvement_interval(std::span<const double> x, std::span<const double> y, std::size_t repetitions,
                              const std::atomic<bool>* stop) {
  if (x.empty() || y.empty()) return {kNaN, kNaN};
  const Bootstrap of_x(x.size(), repetitions, 0), of_y(y.size(), repetitions, 1);
  std::vector<double> drawn_x(x.size()), drawn_y(y.size()), shares(repetitions);
  for (std::size_t r = 0; r < repetitions; r++) {
    throw_if_stopped(stop, "a report");
    of_x.resample(x, r, drawn_x);
    of_y.resample(y, r, drawn_y);
    shares[r] = probability_of_improvement(drawn_x, drawn_y);
  }
  return central_95(shares);
}

}  // namespace ddpg
