// Whether a task can be as it is described. Not here: who describes it (ddpg/environment.h).
#pragma once

#include <string>

#include "ddpg/environment.h"

namespace ddpg {

// Throws Error "[name] ..." for the first thing that cannot be.
void check_specification(const std::string& name, const Specification& specification);

}  // namespace ddpg
