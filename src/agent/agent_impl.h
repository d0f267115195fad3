// What the public Agent (ddpg/agent.h) consists of.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/agent_core.h"
#include "ddpg/agent.h"
#include "support/thread_pool.h"

namespace ddpg {

struct Agent::Impl {
  // Options and specification must be valid. Throws Error when memory is short.
  Impl(const Options& options, const Specification& specification, int actors);

  // Everything but the settled rows of the replay buffer.
  void exchange(Snapshot& snapshot);

  // Each throws UsageError, `where` names the call.
  void check_actor(std::string_view where, int actor) const;
  void check_playing(std::string_view where, int actor) const;
  void check_observation(std::string_view where, std::string_view what, std::span<const double> observation) const;
  void check_action(std::string_view where, std::span<const float> action) const;
  void check_reward(std::string_view where, double reward) const;
  void check_step(std::string_view where, std::span<const float> action, const StepResult& result,
                  std::span<const double> next_observation) const;
  void check_actors(std::string_view where, std::span<const int> actors);
  void check_transition(std::string_view where, const Transition& transition) const;

  Options options;
  std::unique_ptr<ThreadPool> pool;
  AgentCore core;
  std::vector<char> named;  // [actors], of a call
  std::string warning;      // of what it started from
};

// Everything that keeps an agent of these from being made, one message each.
std::vector<std::string> agent_violations(const Options& options, const Specification& specification, int actors);

}  // namespace ddpg
