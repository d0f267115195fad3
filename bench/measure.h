// How a rate is measured on a machine that is shared and changes its clock: in many short rounds, the ceiling before
// and after each, and the median over the rounds of what is reported. One thread is timed by the processor time it got,
// so that other processes do not count; several threads by the clock on the wall.
#pragma once

#include <algorithm>
#include <vector>

#include "bench/ceiling.h"

namespace ddpg {

struct Rate {
  double per_second = 0;      // median over the rounds
  double ceiling_gflops = 0;  // median
  double per_ceiling = 0;     // median of (per second / ceiling in GFLOP/s), round by round
};

inline double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

// Calls of `work` a second, over `rounds` rounds of seconds / rounds each; a ceiling is measured around each where
// threads > 0.
template <class Work>
Rate measure_rate(double seconds, int ceiling_threads, const Work& work, int rounds = 9) {
  constexpr double kCeilingSeconds = 0.01;
  work();  // caches, page faults, thread start
  std::vector<double> rates, ceilings, shares;
  double before = ceiling_threads ? measure_ceiling(ceiling_threads, kCeilingSeconds) : 0;
  for (int round = 0; round < rounds; round++) {
    const Stopwatch watch(ceiling_threads <= 1);
    double elapsed = 0, calls = 0;
    do {
      work();
      calls++;
      elapsed = watch.seconds();
    } while (elapsed < seconds / rounds);
    const double after = ceiling_threads ? measure_ceiling(ceiling_threads, kCeilingSeconds) : 0;
    const double ceiling = 0.5 * (before + after);
    before = after;
    rates.push_back(calls / elapsed);
    ceilings.push_back(ceiling);
    shares.push_back(ceiling > 0 ? calls / elapsed / ceiling : 0);
  }
  return {median(rates), median(ceilings), median(shares)};
}

}  // namespace ddpg
