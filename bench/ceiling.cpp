// Twelve chains of multiply-adds in registers, compiled for each instruction set: the most that the processor does.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "bench/ceiling.cpp"
#include "nn/kernels_targets.h"
// clang-format off
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace ddpg {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// `rounds` times 12 independent multiply-adds: more than latency times issue width, fewer than the registers. Returns
// the flops done. memory holds b, c and twelve different starts: equal ones would be merged by the compiler.
double multiply_add(long rounds, float* memory) {
  const hn::CappedTag<float, 16> d;
  using V = decltype(hn::Zero(d));
  const V b = hn::Set(d, memory[0]), c = hn::Set(d, memory[1]);
  const auto start = [&](int i) HWY_ATTR { return hn::Set(d, memory[2 + i]); };
  V a0 = start(0), a1 = start(1), a2 = start(2), a3 = start(3), a4 = start(4), a5 = start(5);
  V a6 = start(6), a7 = start(7), a8 = start(8), a9 = start(9), a10 = start(10), a11 = start(11);
  for (long i = 0; i < rounds; i++) {
    a0 = hn::MulAdd(a0, b, c), a1 = hn::MulAdd(a1, b, c), a2 = hn::MulAdd(a2, b, c), a3 = hn::MulAdd(a3, b, c);
    a4 = hn::MulAdd(a4, b, c), a5 = hn::MulAdd(a5, b, c), a6 = hn::MulAdd(a6, b, c), a7 = hn::MulAdd(a7, b, c);
    a8 = hn::MulAdd(a8, b, c), a9 = hn::MulAdd(a9, b, c), a10 = hn::MulAdd(a10, b, c), a11 = hn::MulAdd(a11, b, c);
  }
  const V low = hn::Add(hn::Add(hn::Add(a0, a1), hn::Add(a2, a3)), hn::Add(a4, a5));
  const V high = hn::Add(hn::Add(hn::Add(a6, a7), hn::Add(a8, a9)), hn::Add(a10, a11));
  hn::StoreU(hn::Add(low, high), d, memory + 14);
  return 2.0 * 12 * static_cast<double>(rounds) * static_cast<double>(hn::Lanes(d));
}

}  // namespace HWY_NAMESPACE
}  // namespace ddpg
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <algorithm>
#include <barrier>
#include <numeric>
#include <optional>
#include <thread>
#include <vector>

#include "bench/ceiling.h"

namespace ddpg {
namespace {
HWY_EXPORT(multiply_add);

// Multiply-adds until `seconds` have passed on `watch`; the flops done.
double work_until(double seconds, const Stopwatch& watch, double& elapsed) {
  float memory[14 + 16] = {0.999f, 1e-3f};
  for (int i = 0; i < 12; i++) memory[2 + i] = static_cast<float>(i);
  double flops = 0;
  do {
    flops += HWY_DYNAMIC_DISPATCH(multiply_add)(20'000, memory);
    elapsed = watch.seconds();
  } while (elapsed < seconds);
  return flops;
}
}  // namespace

double measure_ceiling(int threads, double seconds) {
  if (threads == 1) {
    double elapsed = 0;
    const double flops = work_until(seconds, Stopwatch(true), elapsed);
    return flops / elapsed / 1e9;
  }
  // one window on the wall for all of them: threads that take turns on a core count as that core
  std::vector<double> flops(static_cast<std::size_t>(threads)), elapsed(flops.size());
  std::vector<std::thread> pool;
  std::barrier start(threads);
  std::optional<Stopwatch> watch;
  for (std::size_t i = 0; i < flops.size(); i++) {
    pool.emplace_back([&, i] {
      start.arrive_and_wait();
      if (i == 0) watch.emplace(false);
      start.arrive_and_wait();
      flops[i] = work_until(seconds, *watch, elapsed[i]);
    });
  }
  for (std::thread& thread : pool) thread.join();
  return std::reduce(flops.begin(), flops.end()) / *std::max_element(elapsed.begin(), elapsed.end()) / 1e9;
}

}  // namespace ddpg
#endif
