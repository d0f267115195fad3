// The time limit as a wrapper around any environment.
#include "envs/time_limit.h"

#include <fmt/format.h>

#include <utility>

#include "ddpg/error.h"

namespace ddpg {

TimeLimit::TimeLimit(std::unique_ptr<Environment> environment)
    : Wrapper(std::move(environment)),
      action_size_(static_cast<std::size_t>(specification().action_size())),
      observation_size_(static_cast<std::size_t>(specification().observation_size)),
      limit_(specification().time_limit) {}

void TimeLimit::refuse_sizes(std::size_t action, std::size_t observation) const {
  throw UsageError(fmt::format("[{}] expected {} actions and room for {} observations, found {} and {}",
                               specification().name, action_size_, observation_size_, action, observation));
}

void TimeLimit::reset(RandomStream& random, std::span<double> observation) {
  check_sizes(action_size_, observation.size());
  elapsed_ = 0;
  inside().reset(random, observation);
}

StepResult TimeLimit::step(std::span<const float> action, std::span<double> observation) {
  check_sizes(action.size(), observation.size());
  StepResult result = inside().step(action, observation);
  if (elapsed_ < limit_) elapsed_++;
  if (elapsed_ == limit_) result.truncated = true;
  return result;
}

std::vector<double> TimeLimit::save_state() const {
  std::vector<double> state = inside().save_state();
  if (!state.empty()) state.push_back(elapsed_);
  return state;
}

void TimeLimit::restore_state(std::span<const double> state) {
  if (state.empty()) throw Error(fmt::format("[{}] cannot restore an empty state", specification().name));
  if (!(state.back() >= 0 && state.back() <= limit_)) {
    throw Error(fmt::format("[{}] the last number of a state is the steps played, 0 to {}, found {}",
                            specification().name, limit_, state.back()));
  }
  inside().restore_state(state.first(state.size() - 1));
  elapsed_ = static_cast<int>(state.back());
}

}  // namespace ddpg
