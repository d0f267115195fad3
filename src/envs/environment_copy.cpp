// What one copy of a task does in a step, and its state as numbers: see environment_copy.h.
#include "envs/environment_copy.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ddpg/error.h"
#include "envs/step_timeout.h"
#include "envs/stepped_together.h"
#include "envs/time_limit.h"
#include "support/math.h"

namespace ddpg {
namespace {

// What make_environment() made keeps its limit itself, and has the count of steps in its own state.
bool keeps_time_limit(const Environment& environment) {
  if (dynamic_cast<const TimeLimit*>(&environment) != nullptr) return true;
  if (const auto* timed = dynamic_cast<const StepTimeout*>(&environment)) return keeps_time_limit(timed->inside());
  if (const auto* together = dynamic_cast<const SteppedTogether*>(&environment)) return together->keeps_time_limit();
  const auto* wrapper = dynamic_cast<const Wrapper*>(&environment);
  return wrapper != nullptr && keeps_time_limit(wrapper->inside());
}

}  // namespace

EnvironmentCopy::EnvironmentCopy(std::unique_ptr<Environment> given, std::uint64_t seed, std::uint64_t index)
    : environment(std::move(given)),
      random(seed, "environment", index),
      observation(environment->specification().observation_size),
      last(observation.numbers().size()),
      metrics(environment->specification().metric_names.size(), kNaN),
      limit(keeps_time_limit(*environment) ? 0 : environment->specification().time_limit) {}

void EnvironmentCopy::begin_episode() {
  episode = Episode::none;  // until it has begun
  environment->set_purpose(Purpose::training);
  environment->reset(random, observation.cleared());
  observation.check(*environment);
  steps = 0;
  first_steps.begin_episode();
  episode = Episode::playing;
}

void EnvironmentCopy::step(std::span<const float> action, Autoreset autoreset) {
  played = episode == Episode::playing;
  result = {};
  if (!played) return begin_episode();
  episode = Episode::none;  // if it throws
  result = environment->step(action, observation.cleared());
  result.truncated |= result.broke_down;
  observation.check(*environment);
  result.broke_down ? first_steps.step_broke_down(*environment) : first_steps.step_came_back();
  if (!metrics.empty() && !result.broke_down) environment->metrics(metrics);
  if (limit > 0 && ++steps >= limit) result.truncated = true;
  episode = ended() ? Episode::over : Episode::playing;
  if (episode == Episode::playing || autoreset != Autoreset::same_step) return;
  std::ranges::copy(observation.numbers(), last.begin());
  begin_episode();
}

std::vector<double> EnvironmentCopy::save_state() const {
  std::vector<double> state = {static_cast<double>(episode), static_cast<double>(played), result.reward,
                               static_cast<double>(result.terminated), static_cast<double>(result.truncated)};
  state.insert(state.end(), observation.numbers().begin(), observation.numbers().end());
  state.insert(state.end(), last.begin(), last.end());
  const std::vector<double> world = environment->save_state();
  if (limit > 0) state.push_back(steps);
  state.insert(state.end(), world.begin(), world.end());
  return state;
}

bool EnvironmentCopy::restore_state(std::span<const double> state) {
  constexpr std::size_t kHead = 5;
  const std::size_t size = last.size(), own = kHead + 2 * size + (limit > 0 ? 1 : 0);
  const bool whole = state.size() >= own && state[0] >= 0 && state[0] <= 2;
  if (!whole || (limit > 0 && !(state[own - 1] >= 0 && state[own - 1] <= limit))) {
    throw Error(fmt::format("[environment {}] a state has at least {} numbers, the first 0, 1 or 2{}; found {} numbers",
                            environment->specification().name, own,
                            limit > 0 ? fmt::format(", number {} the steps played, 0 to {}", own, limit) : "",
                            state.size()));
  }
  const std::span<const double> world = state.subspan(own);
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
  if (limit > 0) steps = static_cast<int>(state[own - 1]);
  std::copy_n(state.begin() + kHead, size, observation.numbers().begin());
  std::copy_n(state.begin() + kHead + static_cast<std::ptrdiff_t>(size), size, last.begin());
  return true;
}

}  // namespace ddpg
