// How a rate is measured on a machine that is shared and changes its clock: in many short rounds, but at least three of
// one call each, the ceiling before each and at the end, for as long as the round before it took (but at most 0.1 s),
// and of both the best: what the machine does when nobody takes from it. One thread is timed by the processor time it
// got, several threads by the clock on the wall.
#pragma once

#include <algorithm>

#include "bench/ceiling.h"

namespace ddpg {

inline constexpr int kRounds = 500;
inline constexpr int kFewestRounds = 3;

struct Rate {
  double per_second = 0;
  double ceiling_gflops = 0;
  double per_ceiling = 0;  // per_second / ceiling_gflops
};

// Calls of `work` a second, over about `seconds` in at most `rounds` rounds, with the ceiling of `threads` threads; 0
// threads: of one, without a ceiling.
template <class Work>
Rate measure_rate(double seconds, int threads, const Work& work, int rounds = kRounds) {
  constexpr double kLongestCeiling = 0.1;
  work();  // caches, page faults, thread start
  double rate = 0, ceiling = 0, spent = 0, elapsed = seconds / rounds;
  const auto measure_ceiling_again = [&] {
    if (threads > 0) ceiling = std::max(ceiling, measure_ceiling(threads, std::min(elapsed, kLongestCeiling)));
  };
  for (int round = 0; spent < seconds || round < kFewestRounds; round++) {
    measure_ceiling_again();
    const Stopwatch watch(threads <= 1);
    double calls = 0;
    do {
      work();
      calls++;
      elapsed = watch.seconds();
    } while (elapsed < seconds / rounds);
    spent += elapsed;
    rate = std::max(rate, calls / elapsed);
  }
  measure_ceiling_again();
  return {rate, ceiling, ceiling > 0 ? rate / ceiling : 0};
}

}  // namespace ddpg
