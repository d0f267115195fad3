#include "agent/normaliser.h"

#include <algorithm>
#include <cmath>

namespace ddpg {

Normaliser::Normaliser(int size, double clip)
    : clip_(clip), mean_(static_cast<std::size_t>(size), 0.0), squares_(static_cast<std::size_t>(size), 0.0) {}

void Normaliser::update(std::span<const double> observation) {
  count_++;
  for (std::size_t i = 0; i < mean_.size(); i++) {
    const double delta = observation[i] - mean_[i];
    mean_[i] += delta / static_cast<double>(count_);
    squares_[i] += delta * (observation[i] - mean_[i]);
  }
}

double Normaliser::deviation(std::size_t i) const {
  if (count_ < 2) return 1.0;
  return std::max(1e-4, std::sqrt(squares_[i] / static_cast<double>(count_)));
}

std::vector<double> Normaliser::deviation() const {
  std::vector<double> deviations(mean_.size());
  for (std::size_t i = 0; i < mean_.size(); i++) deviations[i] = deviation(i);
  return deviations;
}

void Normaliser::apply(Panels observations) const {
  for (int c = 0; c < observations.width; c++) {
    const double mean = mean_[static_cast<std::size_t>(c)], spread = deviation(static_cast<std::size_t>(c));
    for (int r = 0; r < observations.rows; r++) {
      float& x = observations.at(r, c);
      x = static_cast<float>(std::clamp((x - mean) / spread, -clip_, clip_));
    }
  }
}

}  // namespace ddpg
