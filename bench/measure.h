// How a rate is measured on a machine that is shared and changes its clock: in many short rounds, the ceiling before
// each for as long as the round before it took, and of both the best: what the machine does when nobody takes from it.
// One thread is timed by the processor time it got, several threads by the clock on the wall.
#pragma once

#include <algorithm>

#include "bench/ceiling.h"

namespace ddpg {

struct Rate {
  double per_second = 0;
  double ceiling_gflops = 0;
  double per_ceiling = 0;  // per_second / ceiling_gflops
};

// Calls of `work` a second, over about `seconds` in at most `rounds` rounds; the ceiling is measured with them where
// threads > 0.
template <class Work>
Rate measure_rate(double seconds, int ceiling_threads, const Work& work, int rounds = 500) {
  constexpr double kLongestCeiling = 0.1;
  work();  // caches, page faults, thread start
  double rate = 0, ceiling = 0, spent = 0, elapsed = seconds / rounds;
  while (spent < seconds) {
    if (ceiling_threads > 0)
      ceiling = std::max(ceiling, measure_ceiling(ceiling_threads, std::min(elapsed, kLongestCeiling)));
    const Stopwatch watch(ceiling_threads <= 1);
    double calls = 0;
    do {
      work();
      calls++;
      elapsed = watch.seconds();
    } while (elapsed < seconds / rounds);
    spent += elapsed;
    rate = std::max(rate, calls / elapsed);
  }
  return {rate, ceiling, ceiling > 0 ? rate / ceiling : 0};
}

}  // namespace ddpg
