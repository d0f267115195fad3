// Whether this machine has the memory that a training needs, asked before any of it is taken.
#pragma once

#include <cstddef>

#include "ddpg/environment.h"
#include "ddpg/options.h"

namespace ddpg {

// Throws Error naming what to lower. `replay_bytes`: Replay::size_in_bytes().
void check_memory(const Options& options, const Specification& specification, std::size_t replay_bytes);

// Of actor, critics and encoder together.
std::size_t parameter_count(const Options& options, const Specification& specification);

}  // namespace ddpg
