// The tasks that come with ddpg. The registry asks for this list instead of each task registering itself from a static
// object, which a linker drops from a static library.
#pragma once

#include <vector>

#include "ddpg/environment.h"

namespace ddpg {

std::vector<EnvironmentEntry> builtin_environments();

}  // namespace ddpg
