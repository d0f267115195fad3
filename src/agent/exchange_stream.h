// A random stream in a snapshot and out of it.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "ddpg/error.h"
#include "ddpg/random.h"
#include "support/snapshot.h"

namespace ddpg {

inline void exchange_stream(Snapshot& snapshot, std::string_view name, RandomStream& random) {
  std::array<std::uint64_t, 4> state = random.state();
  snapshot.array(name, state);
  if (state == std::array<std::uint64_t, 4>{})  // from it a generator draws nothing but zeros
    throw Error("[random stream " + std::string(name) + "] its state is all zeros; the checkpoint is damaged");
  random.set_state(state);
}

}  // namespace ddpg
