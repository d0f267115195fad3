#include "agent/normaliser.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ddpg {
namespace {

constexpr double kRounding = 1e-12;  // of a feature's size: what changes by less does not change

}  // namespace

Normaliser::Normaliser(int size, double clip)
    : clip_(clip),
      mean_(static_cast<std::size_t>(size), 0.0),
      squares_(mean_),
      origin_(mean_.size(), std::numeric_limits<double>::quiet_NaN()),
      from_origin_(mean_) {}

void Normaliser::update(std::span<const double> observation) {
  set_origin(observation);
  count_++;
  for (std::size_t i = 0; i < mean_.size(); i++) {
    const double delta = observation[i] - mean_[i];
    mean_[i] += delta / static_cast<double>(count_);
    squares_[i] += delta * (observation[i] - mean_[i]);
  }
}

double Normaliser::deviation(std::size_t i) const {
  if (count_ < 2) return 1;
  const double size = std::fabs(mean_[i]), deviation = std::sqrt(squares_[i] / static_cast<double>(count_));
  if (deviation > kRounding * size) return deviation;
  return size > 0 ? size : 1;
}

std::vector<double> Normaliser::deviation() const {
  std::vector<double> deviations(mean_.size());
  for (std::size_t i = 0; i < mean_.size(); i++) deviations[i] = deviation(i);
  return deviations;
}

float Normaliser::normalised(double from_mean, double deviation) const {
  return static_cast<float>(std::clamp(from_mean / deviation, -clip_, clip_));
}

void Normaliser::apply(std::span<const double> observation, Panels row) const {
  for (std::size_t i = 0; i < mean_.size(); i++)
    row.at(0, static_cast<int>(i)) = normalised(observation[i] - mean_[i], deviation(i));
}

void Normaliser::set_origin(std::span<const double> observation) {
  if (std::isnan(origin_[0])) std::ranges::copy(observation, origin_.begin());
}

std::span<const double> Normaliser::from_origin(std::span<const double> observation) {
  set_origin(observation);
  for (std::size_t i = 0; i < origin_.size(); i++) from_origin_[i] = observation[i] - origin_[i];
  return from_origin_;
}

void Normaliser::apply_from_origin(Panels rows) const {
  for (int c = 0; c < rows.width; c++) {
    const auto i = static_cast<std::size_t>(c);
    const double mean = mean_[i] - origin_[i], spread = deviation(i);
    for (int r = 0; r < rows.rows; r++) rows.at(r, c) = normalised(rows.at(r, c) - mean, spread);
  }
}

void Normaliser::start_from(std::span<const double> mean, std::span<const double> deviation, std::int64_t count) {
  count_ = count;
  for (std::size_t i = 0; i < mean_.size(); i++) {
    mean_[i] = mean[i];
    squares_[i] = deviation[i] * deviation[i] * static_cast<double>(count);
  }
}

// A checkpoint from before there was an origin has a replay buffer of observations as they are.
void Normaliser::exchange(Snapshot& snapshot) {
  snapshot.value("count", count_);
  snapshot.array("mean", mean_);
  snapshot.array("squares", squares_);
  if (snapshot.restores() && !snapshot.has("origin"))
    std::ranges::fill(origin_, 0.0);
  else
    snapshot.array("origin", origin_);
}

}  // namespace ddpg
