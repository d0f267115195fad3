// An environment whose steps take their time, so that threads meet in every order.
#pragma once

#include <atomic>
#include <chrono>
#include <span>
#include <thread>

#include "agent/test_environments.h"

namespace ddpg::testing {

// point() that takes its time at random.
inline Script slow_point() {
  Script script = point();
  script.step = [step = script.step](int at, std::span<const float> action, std::span<double> observation) {
    static std::atomic<unsigned> calls = 0;
    const unsigned call = calls++ * 2654435761u >> 16;
    if (call % 8 == 0) std::this_thread::sleep_for(std::chrono::microseconds(call % 200));
    return step(at, action, observation);
  };
  return script;
}

}  // namespace ddpg::testing
