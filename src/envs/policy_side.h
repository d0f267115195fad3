// Which wrappers around a task belong to who acts, so that a policy takes them along, and what they stand around.
#pragma once

#include <cstddef>
#include <vector>

#include "envs/wrapper.h"

namespace ddpg {

struct PolicySide {
  std::vector<Carried> wrappers;  // from the world outwards
  Environment* world = nullptr;   // what a policy with these wrappers of its own acts in
};

// Those that stand outermost, up to the first that is the world's own, and at most so many.
PolicySide policy_side(Environment& environment, std::size_t most);

}  // namespace ddpg
