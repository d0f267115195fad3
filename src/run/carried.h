// The wrappers that a policy takes along, between the tasks, which have them, and the policies, which do them.
#pragma once

#include <vector>

#include "ddpg/environment.h"
#include "ddpg/policy.h"
#include "policy/content.h"

namespace ddpg {

// Those around `environment`, from the world outwards: of more than a policy can carry, the outermost.
std::vector<deploy::CarriedWrapper> carried_wrappers(Environment& environment);

// The same policy, which carries these.
Policy with_wrappers(const Policy& policy, const std::vector<deploy::CarriedWrapper>& wrappers);

// What that policy acts in when it does its wrappers itself: what they stand around.
Environment& world_of(Environment& environment, const Policy& policy);

}  // namespace ddpg
