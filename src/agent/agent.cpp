// The public Agent: a face over AgentCore that checks what its caller gives. How it is made: src/run/agent_made.cpp;
// its file: src/run/agent_file.cpp.
#include "ddpg/agent.h"

#include <fmt/format.h>

#include "agent/agent_impl.h"
#include "ddpg/error.h"
#include "ddpg/version.h"

namespace ddpg {

Agent::Agent(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Agent::Agent(Agent&&) noexcept = default;
Agent& Agent::operator=(Agent&&) noexcept = default;
Agent::~Agent() = default;

void Agent::begin_episode(int actor, std::span<const double> observation) {
  constexpr std::string_view where = "begin_episode";
  impl_->check_actor(where, actor);
  if (in_episode(actor))
    throw UsageError(fmt::format(
        "[agent] {0}: actor {1} has an episode under way; when it was cut, call end_episode({1}) first", where, actor));
  impl_->check_observation(where, "observation", observation);
  impl_->core.begin_episode(actor, observation);
}

void Agent::act(int actor, std::span<float> action) {
  act(std::span(&actor, 1), action);
}

void Agent::act(std::span<const int> actors, std::span<float> actions) {
  impl_->check_actors("act", actors);
  const std::size_t expected = actors.size() * static_cast<std::size_t>(specification().action_size());
  if (actions.size() != expected)
    throw UsageError(fmt::format("[agent] act: expected room for {} numbers, {} for each actor, found {}", expected,
                                 specification().action_size(), actions.size()));
  impl_->core.act(actors, actions);
}

void Agent::observe(int actor, std::span<const float> action, const StepResult& result,
                    std::span<const double> next_observation) {
  constexpr std::string_view where = "observe";
  impl_->check_playing(where, actor);
  impl_->check_step(where, action, result, next_observation);
  impl_->core.observe(actor, action, result, next_observation);
}

void Agent::observe(std::span<const int> actors, std::span<const float> actions, std::span<const StepResult> results,
                    std::span<const double> next_observations) {
  constexpr std::string_view where = "observe";
  const std::size_t n = actors.size();
  const auto width = static_cast<std::size_t>(specification().observation_size);
  const auto size = static_cast<std::size_t>(specification().action_size());
  impl_->check_actors(where, actors);
  if (results.size() != n || actions.size() != n * size || next_observations.size() != n * width)
    throw UsageError(
        fmt::format("[agent] observe: for {} actors expected {} numbers as actions, {} results and {} numbers as "
                    "next_observations, found {}, {} and {}",
                    n, n * size, n, n * width, actions.size(), results.size(), next_observations.size()));
  for (std::size_t i = 0; i < n; i++)
    impl_->check_step(where, actions.subspan(i * size, size), results[i], next_observations.subspan(i * width, width));
  for (std::size_t i = 0; i < n; i++)
    impl_->core.observe(actors[i], actions.subspan(i * size, size), results[i],
                        next_observations.subspan(i * width, width));
}

void Agent::end_episode(int actor) {
  impl_->check_playing("end_episode", actor);
  impl_->core.end_episode(actor);
}

std::int64_t Agent::updates_due() const {
  return impl_->core.updates_due();
}

std::int64_t Agent::learn(std::int64_t most) {
  if (most < 0) throw UsageError(fmt::format("[agent] learn: expected a number of updates >= 0, found {}", most));
  return impl_->core.learn(most);
}

void Agent::add(const Transition& transition) {
  add(std::span(&transition, 1));
}

void Agent::add(std::span<const Transition> transitions) {
  for (std::size_t i = 0; i < transitions.size(); i++)
    impl_->check_transition(transitions.size() == 1 ? "add" : fmt::format("add, transition {}", i), transitions[i]);
  for (const Transition& transition : transitions) impl_->core.add(transition);
}

void Agent::update(std::int64_t n) {
  if (n < 0) throw UsageError(fmt::format("[agent] update: expected a number of updates >= 0, found {}", n));
  if (transitions() < options().batch_size)
    throw UsageError(
        fmt::format("[agent] update: a minibatch has batch_size = {} transitions, and {} are stored; add "
                    "or observe more first",
                    options().batch_size, transitions()));
  impl_->core.update(n);
}

double Agent::value(std::span<const double> observation, std::span<const float> action) {
  impl_->check_observation("value", "observation", observation);
  impl_->check_action("value", action);
  return impl_->core.value(observation, action);
}

std::int64_t Agent::steps() const {
  return impl_->core.steps();
}
std::int64_t Agent::updates() const {
  return impl_->core.updates();
}
std::int64_t Agent::transitions() const {
  return impl_->core.replay().size();
}
const Options& Agent::options() const {
  return impl_->options;
}
const Specification& Agent::specification() const {
  return impl_->core.specification();
}
int Agent::actors() const {
  return impl_->core.collector().actors();
}
bool Agent::in_episode(int actor) const {
  impl_->check_actor("in_episode", actor);
  return impl_->core.collector().playing(actor);
}
const std::string& Agent::warning() const {
  return impl_->warning;
}

Policy Agent::policy() const {
  const std::string& name = options().environment.empty() ? specification().name : options().environment;
  return impl_->core.policy({name, options().env, options().preset, options().seed, steps(), kNotMeasured, kVersion});
}

}  // namespace ddpg
