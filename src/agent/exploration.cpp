#include "agent/exploration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "ddpg/error.h"
#include "support/math.h"

namespace ddpg {
namespace {

// Equal ratios from the first actor to the last, 1 in their middle.
double of_rung(double ladder, Rung rung) {
  if (ladder == 1 || rung.actors == 1) return 1;
  return pinned_exp(pinned_log(ladder) * (static_cast<double>(rung.actor) / (rung.actors - 1) - 0.5));
}

}  // namespace

std::vector<std::string> exploration_violations(const ExplorationOptions& options, int action_size) {
  std::vector<std::string> wrong;
  if (!options.sigma_each.empty() && options.sigma_each.size() != static_cast<std::size_t>(action_size))
    wrong.push_back(fmt::format("exploration.sigma_each has {} numbers, and the task {} actions",
                                options.sigma_each.size(), action_size));
  if (options.noise != Noise::own || options.process.empty()) return wrong;  // an empty name: see violations(options)
  if (std::string why = why_no_noise(options.process); !why.empty()) wrong.push_back(std::move(why));
  return wrong;
}

Exploration::Exploration(const ExplorationOptions& options, int action_size, Rung rung)
    : options_(options),
      of_rung_(of_rung(options.sigma_ladder, rung)),
      state_(static_cast<std::size_t>(action_size), 0.0) {
  const std::vector<std::string> wrong = exploration_violations(options_, action_size);
  if (!wrong.empty()) throw UsageError("[options] " + wrong.front());
  if (options_.noise == Noise::own) own_ = make_noise(options_.process, action_size);
}

void Exploration::reset() {
  std::fill(state_.begin(), state_.end(), 0.0);
  if (own_) own_->reset();
}

double Exploration::sigma(std::int64_t step) const {
  if (options_.noise == Noise::none) return 0;
  const double sigma = options_.sigma.at(step);
  if (options_.decay_steps == 0) return sigma;
  const double done = std::min(1.0, static_cast<double>(step) / static_cast<double>(options_.decay_steps));
  return sigma + done * (options_.sigma_final - sigma);
}

void Exploration::sample(RandomStream& random, std::int64_t step, std::span<double> noise) {
  const double scale = sigma(step) * of_rung_;
  if (own_) own_->sample(random, scale, noise);
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
      case Noise::own:
        break;
    }
  }
  for (std::size_t i = 0; i < options_.sigma_each.size(); i++) noise[i] *= options_.sigma_each[i];
}

void Exploration::exchange(Snapshot& snapshot) {
  snapshot.array("state", state_);
  if (!own_ || (snapshot.restores() && !snapshot.has("own"))) return;
  std::vector<double> state = own_->save_state();
  snapshot.list("own", state);
  if (snapshot.restores()) own_->restore_state(state);
}

}  // namespace ddpg
