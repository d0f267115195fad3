// What a training does not do in this process. Not here: how others do it (src/actors).
#pragma once

#include <functional>
#include <memory>

#include "agent/loop.h"
#include "ddpg/options.h"
#include "ddpg/vector_environment.h"

namespace ddpg {

struct Elsewhere {
  // The copies to train on, as these options want them. Null: they are made here.
  std::function<VectorEnvironment::Copies(const Options&)> copies{};
  // All of the playing. `prepare` is for the agent before the first episodes begin. Null: in this process.
  std::function<std::unique_ptr<Loop>(const Options&, const Specification&,
                                      const std::function<void(AgentCore&)>& prepare)>
      loop{};
};

}  // namespace ddpg
