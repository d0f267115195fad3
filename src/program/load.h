// Shared libraries that register tasks: --load.
#pragma once

#include <string>

namespace ddpg::cli {

// Loads it and lets it register its tasks; it stays loaded. Throws UsageError saying what is wrong with it.
void load_plugin(const std::string& file);

}  // namespace ddpg::cli
