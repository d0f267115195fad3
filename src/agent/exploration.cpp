#include "agent/exploration.h"

#include <algorithm>
#include <cmath>

namespace ddpg {

Exploration::Exploration(const ExplorationOptions& options, int action_size)
    : options_(options), state_(static_cast<std::size_t>(action_size), 0.0) {}

void Exploration::reset() {
  std::fill(state_.begin(), state_.end(), 0.0);
}

double Exploration::sigma(std::int64_t step) const {
  if (options_.noise == Noise::none) return 0;
  if (options_.decay_steps == 0) return options_.sigma;
  const double done = std::min(1.0, static_cast<double>(step) / static_cast<double>(options_.decay_steps));
  return options_.sigma + done * (options_.sigma_final - options_.sigma);
}

void Exploration::sample(RandomStream& random, std::int64_t step, std::span<double> noise) {
  const double scale = sigma(step);
  for (std::size_t i = 0; i < noise.size(); i++) {
    switch (options_.noise) {
      case Noise::none:
        noise[i] = 0;
        break;
      case Noise::gaussian:
        noise[i] = scale * random.normal();
        break;
      case Noise::ornstein_uhlenbeck:
        state_[i] += -options_.theta * state_[i] * options_.dt + scale * std::sqrt(options_.dt) * random.normal();
        noise[i] = state_[i];
        break;
    }
  }
}

}  // namespace ddpg
