// How a rate is measured on a machine that is shared and changes its clock: in many short rounds, but at least three of
// one call each, the ceiling before each and at the end, for as long as the round before it took (but at most 0.1 s),
// and of both the best: what the machine does when nobody takes from it. One thread is timed by the processor time it
// got, several threads by the clock on the wall. Two rates that are to be compared are measured in turns, and the
// median turn's share is reported: median().
#pragma once

#include <algorithm>
#include <vector>

#include "bench/ceiling.h"

namespace ddpg {

inline constexpr int kRounds = 500;
inline constexpr int kFewestRounds = 3;
inline constexpr int kTurns = 11, kRoundsOfTurn = 5;  // of rates that are compared

struct Measuring {
  double seconds = 1;
  int threads = 1;
  bool ceiling = false;        // measure that of so many threads, too
  int rounds = kRounds;        // at most
  bool beside_others = false;  // one thread that waits for others: by the clock on the wall, too
};

struct MeasuredRate {
  double per_second = 0;
  double ceiling_gflops = 0;
  double per_ceiling = 0;  // per_second / ceiling_gflops
};

// Calls of `work` a second.
template <class Work>
MeasuredRate measure_rate(const Measuring& how, Work&& work) {
  constexpr double kLongestCeiling = 0.1;
  work();  // caches, page faults, thread start
  const double round_seconds = how.seconds / how.rounds;
  double rate = 0, ceiling = 0, spent = 0, elapsed = round_seconds;
  const auto measure_ceiling_again = [&] {
    if (how.ceiling) ceiling = std::max(ceiling, measure_ceiling(how.threads, std::min(elapsed, kLongestCeiling)));
  };
  for (int round = 0; spent < how.seconds || round < kFewestRounds; round++) {
    measure_ceiling_again();
    const Stopwatch watch(how.threads == 1 && !how.beside_others);
    double calls = 0;
    do {
      work();
      calls++;
      elapsed = watch.seconds();
    } while (elapsed < round_seconds);
    spent += elapsed;
    rate = std::max(rate, calls / elapsed);
  }
  measure_ceiling_again();
  return {rate, ceiling, ceiling > 0 ? rate / ceiling : 0};
}

inline double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace ddpg
