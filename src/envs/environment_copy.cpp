// What one copy of a task does in a step, and its state as numbers: see environment_copy.h.
#include "envs/environment_copy.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ddpg/error.h"

namespace ddpg {

EnvironmentCopy::EnvironmentCopy(std::unique_ptr<Environment> given, std::uint64_t seed, std::uint64_t index)
    : environment(std::move(given)),
      random(seed, "environment", index),
      observation(static_cast<std::size_t>(environment->specification().observation_size)),
      last(observation.size()) {}

void EnvironmentCopy::begin_episode() {
  episode = Episode::none;  // until it has begun
  environment->reset(random, observation);
  episode = Episode::playing;
}

void EnvironmentCopy::step(std::span<const float> action, Autoreset autoreset) {
  played = episode == Episode::playing;
  result = {};
  if (!played) return begin_episode();
  episode = Episode::none;  // if it throws
  result = environment->step(action, observation);
  episode = ended() ? Episode::over : Episode::playing;
  if (episode == Episode::playing || autoreset != Autoreset::same_step) return;
  std::copy(observation.begin(), observation.end(), last.begin());
  begin_episode();
}

std::vector<double> EnvironmentCopy::save_state() const {
  std::vector<double> state = {static_cast<double>(episode), static_cast<double>(played), result.reward,
                               static_cast<double>(result.terminated), static_cast<double>(result.truncated)};
  state.insert(state.end(), observation.begin(), observation.end());
  state.insert(state.end(), last.begin(), last.end());
  const std::vector<double> world = environment->save_state();
  state.insert(state.end(), world.begin(), world.end());
  return state;
}

bool EnvironmentCopy::restore_state(std::span<const double> state) {
  constexpr std::size_t kHead = 5;
  const std::size_t size = observation.size();
  const bool whole = state.size() >= kHead + 2 * size && state[0] >= 0 && state[0] <= 2;
  if (!whole) {
    throw Error(fmt::format("[environment {}] a state has at least {} numbers, the first 0, 1 or 2; found {} numbers",
                            environment->specification().name, kHead + 2 * size, state.size()));
  }
  const std::span<const double> world = state.subspan(kHead + 2 * size);
  error = nullptr;
  if (world.empty()) {
    result = {};
    played = false;
    begin_episode();
    return false;
  }
  environment->restore_state(world);
  episode = static_cast<Episode>(static_cast<int>(state[0]));
  played = state[1] != 0;
  result = {state[2], state[3] != 0, state[4] != 0};
  std::copy_n(state.begin() + kHead, size, observation.begin());
  std::copy_n(state.begin() + kHead + static_cast<std::ptrdiff_t>(size), size, last.begin());
  return true;
}

}  // namespace ddpg
