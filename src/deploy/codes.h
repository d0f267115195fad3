// What a failed call reports to its caller.
#pragma once

#include "ddpg_policy/policy.h"
#include "deploy/cursor.h"

namespace ddpg::deploy {

// "[where, section NETW] what was expected and found"; of a long `where` the end.
void report(Status& status, const char* where, const Failure& failure) noexcept;

}  // namespace ddpg::deploy
