// What an environment gets wrong, reported with the place and the step of the training at which it came.
#include <fmt/format.h>

#include <cmath>
#include <exception>
#include <string>

#include "agent/algorithm.h"
#include "ddpg/error.h"
#include "support/divergence.h"

namespace ddpg {

void Algorithm::check_observation(int actor, std::int64_t step, std::span<const double> observation) const {
  for (std::size_t i = 0; i < observation.size(); i++)
    if (!finite_as_float(observation[i]))
      fail_environment(actor, step, "observation[" + std::to_string(i) + "]", observation[i]);
}

void Algorithm::check_reward(int actor, std::int64_t step, double reward) const {
  if (!finite_as_float(reward)) fail_environment(actor, step, "the reward", reward);
}

void Algorithm::fail_environment(int actor, std::int64_t step, const std::string& what, double value) const {
  std::string where = fmt::format("step {}", step);
  if (environments_.copies() > 1)
    where = fmt::format("copy {} (of 0 to {}), its step {}, step {} of the training", actor, environments_.copies() - 1,
                        agent_->collector().steps(actor) + step - agent_->steps(), step);
  const std::string& bounds = agent_->scale().bounds();
  throw Divergence(fmt::format("[environment {}] {}: {} is {}, expected a finite number (of 32 bits){}{}",
                               agent_->specification().name, where, what, value,
                               bounds.empty() ? "" : ". The likely cause: ", bounds));
}

// The error being handled is reported with the environment and the step of the training at which it came; where there
// are several copies it names its copy already.
void Algorithm::rethrow_of_environment() const {
  std::string what = "it threw something that is no std::exception";
  try {
    throw;
  } catch (const UsageError&) {
    throw;
  } catch (const std::exception& error) {
    what = error.what();
  } catch (...) {
  }
  const std::string name = fmt::format("[environment {}] ", agent_->specification().name);
  std::throw_with_nested(EnvironmentFailure(
      fmt::format("[training] step {}: {}{}", agent_->steps(), what.starts_with("[environment ") ? "" : name, what)));
}

}  // namespace ddpg
