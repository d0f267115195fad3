// How a rate is measured on a machine that is shared and changes its clock: in many short rounds, the ceiling before
// each, and of both the ninth decile: what the machine does when nobody takes from it. One thread is timed by the
// processor time it got, several threads by the clock on the wall.
#pragma once

#include <algorithm>
#include <vector>

#include "bench/ceiling.h"

namespace ddpg {

struct Rate {
  double per_second = 0;
  double ceiling_gflops = 0;
  double per_ceiling = 0;  // per_second / ceiling_gflops
};

inline double ninth_decile(std::vector<double> values) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() * 9 / 10);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

// Calls of `work` a second, over about `seconds` in at most `rounds` rounds; the ceiling is measured with them where
// threads > 0.
template <class Work>
Rate measure_rate(double seconds, int ceiling_threads, const Work& work, int rounds = 50) {
  constexpr double kCeilingSeconds = 0.002;
  work();  // caches, page faults, thread start
  std::vector<double> rates, ceilings;
  double spent = 0;
  while (spent < seconds) {
    ceilings.push_back(ceiling_threads ? measure_ceiling(ceiling_threads, kCeilingSeconds) : 0);
    const Stopwatch watch(ceiling_threads <= 1);
    double elapsed = 0, calls = 0;
    do {
      work();
      calls++;
      elapsed = watch.seconds();
    } while (elapsed < seconds / rounds);
    spent += elapsed;
    rates.push_back(calls / elapsed);
  }
  const double rate = ninth_decile(rates), ceiling = ninth_decile(ceilings);
  return {rate, ceiling, ceiling > 0 ? rate / ceiling : 0};
}

}  // namespace ddpg
