// How one waits for another process: awake for as long as a message takes, then dozing, so that a waiting process
// leaves its core to others; the longer the more, by a part of what was waited. By the clock and not by a count: where
// others want the cores, each time that one gives way may take as long as many messages.
#pragma once

#include <algorithm>
#include <chrono>
#include <thread>

namespace ddpg {

class Waiting {
 public:
  void once() {
    const Clock::duration waited = Clock::now() - since_;
    if (waited < kAwake) return std::this_thread::yield();
    std::this_thread::sleep_for(std::clamp<Clock::duration>(waited / 8, kDoze, kLongest));
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::microseconds kAwake{100}, kDoze{50}, kLongest{2000};

  Clock::time_point since_ = Clock::now();
};

}  // namespace ddpg
