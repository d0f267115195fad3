// How one waits for another process: awake for as long as an environment's step takes, then dozing, so that a waiting
// process leaves its core to others.
#pragma once

#include <chrono>
#include <thread>

namespace ddpg {

class Waiting {
 public:
  void once() {
    if (++times_ < kAwake) return std::this_thread::yield();
    std::this_thread::sleep_for(kDoze);
  }

 private:
  static constexpr int kAwake = 200;
  static constexpr std::chrono::microseconds kDoze{50};

  int times_ = 0;
};

}  // namespace ddpg
