// The error of an algorithm that is stepped until it throws one.
#pragma once

#include <string>
#include <utility>

#include "agent/algorithm.h"
#include "ddpg/error.h"

namespace ddpg::testing {

// `world`: an environment, or copies of one. "no error" after 500 steps.
template <class World>
std::string failure_in(World world, const Options& options) {
  try {
    Algorithm algorithm(options, std::move(world));
    while (algorithm.steps() < 500) algorithm.step();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace ddpg::testing
