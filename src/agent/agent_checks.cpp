// What the public Agent checks of what its caller gives.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "agent/agent_impl.h"
#include "agent/memory.h"
#include "ddpg/error.h"
#include "support/divergence.h"

namespace ddpg {
namespace {

constexpr int kMostActors = 4'096;  // as Options::environments

void check_size(std::string_view where, std::string_view what, std::size_t expected, std::size_t found) {
  if (found != expected)
    throw UsageError(fmt::format("[agent] {}: expected {} numbers as {}, found {}", where, expected, what, found));
}

// Everything is stored and learnt from as float.
void check_finite(std::string_view where, std::string_view what, double value) {
  if (!finite_as_float(value))
    throw UsageError(fmt::format("[agent] {}: {} is {}, expected a finite number (of 32 bits)", where, what, value));
}

template <class Number>
void check_all_finite(std::string_view where, std::string_view what, std::span<const Number> numbers) {
  for (std::size_t i = 0; i < numbers.size(); i++)
    if (!finite_as_float(numbers[i]))
      check_finite(where, fmt::format("{}[{}]", what, i), static_cast<double>(numbers[i]));
}

const Options& enough_memory_for(const Options& options, const Specification& specification, int actors) {
  check_memory(options, specification,
               Replay::size_in_bytes(specification.observation_size, specification.action_size(),
                                     options.replay_capacity, actors + 1));
  return options;
}

}  // namespace

std::vector<std::string> agent_violations(const Options& options, const Specification& specification, int actors) {
  std::vector<std::string> wrong = violations(options, specification);
  if (actors < 1 || actors > kMostActors)
    wrong.push_back(fmt::format("actors = {} must be from 1 to {}", actors, kMostActors));
  if (actors > 1 && options.assessment.episodes > 0)
    wrong.push_back(
        fmt::format("actors = {} must be 1 with assessment.episodes = {}, for a policy is assessed by "
                    "episodes that are played one after the other",
                    actors, options.assessment.episodes));
  return wrong;
}

Agent::Impl::Impl(const Options& given, const Specification& specification, int actors)
    : options(enough_memory_for(given, specification, actors)),
      pool(options.threads > 1 ? std::make_unique<ThreadPool>(options.threads) : nullptr),
      core(options, specification, actors, Compute{&best_kernels(), pool.get()}, AgentCore::Data::may_be_added),
      named(static_cast<std::size_t>(actors)) {}

void Agent::Impl::check_actor(std::string_view where, int actor) const {
  if (actor >= 0 && actor < core.collector().actors()) return;
  throw UsageError(
      fmt::format("[agent] {}: actor {}: expected a number from 0 to {}", where, actor, core.collector().actors() - 1));
}

void Agent::Impl::check_playing(std::string_view where, int actor) const {
  check_actor(where, actor);
  if (core.collector().playing(actor)) return;
  throw UsageError(
      fmt::format("[agent] {0}: actor {1} has no episode under way; call begin_episode({1}, ...) first", where, actor));
}

void Agent::Impl::check_actors(std::string_view where, std::span<const int> actors) {
  std::ranges::fill(named, 0);
  for (const int actor : actors) {
    check_playing(where, actor);
    if (std::exchange(named[static_cast<std::size_t>(actor)], 1))
      throw UsageError(fmt::format("[agent] {}: actor {} is named twice", where, actor));
  }
}

void Agent::Impl::check_observation(std::string_view where, std::string_view what,
                                    std::span<const double> observation) const {
  check_size(where, what, static_cast<std::size_t>(core.specification().observation_size), observation.size());
  check_all_finite(where, what, observation);
}

void Agent::Impl::check_action(std::string_view where, std::span<const float> action) const {
  check_size(where, "action", core.specification().action_low.size(), action.size());
  check_all_finite(where, "action", action);
}

void Agent::Impl::check_reward(std::string_view where, double reward) const {
  check_finite(where, "the reward", reward);
}

// Where the world broke down nobody knows what the numbers are, and nothing is made of them.
void Agent::Impl::check_step(std::string_view where, std::span<const float> action, const StepResult& result,
                             std::span<const double> next_observation) const {
  check_action(where, action);
  if (result.broke_down) return;
  check_reward(where, result.reward);
  check_observation(where, "next_observation", next_observation);
}

void Agent::Impl::check_transition(std::string_view where, const Transition& transition) const {
  check_observation(where, "observation", transition.observation);
  check_action(where, transition.action);
  check_reward(where, transition.reward);
  check_observation(where, "next_observation", transition.next_observation);
}

void Agent::Impl::exchange(Snapshot& snapshot) {
  core.exchange_own_loop(snapshot);
  core.exchange(snapshot);
}

}  // namespace ddpg
