// Worlds for players, which are threads here: no two objects share a log.
#pragma once

#include <memory>

#include "run/own_world.h"

namespace ddpg::testing {

// `fails_at`: as in WorldLog.
inline Options in_worlds_apart(int fails_at = -1) {
  const Options options = in_world(std::make_shared<WorldLog>());
  register_environment({.name = options.environment, .make = [fails_at](const EnvironmentSettings&) {
                          const auto log = std::make_shared<WorldLog>();
                          log->fails_at = fails_at;
                          return std::make_unique<World>(log);
                        }});
  return options;
}

}  // namespace ddpg::testing
