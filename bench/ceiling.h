// The processor's multiply-add ceiling, measured: what every share in `ddpg bench` is a share of.
#pragma once

#include <ctime>

namespace ddpg {

// Seconds since its making: of processor time of the calling thread, or on the wall.
class Stopwatch {
 public:
  explicit Stopwatch(bool processor_time)
      : clock_(processor_time ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC), start_(now()) {}
  double seconds() const { return now() - start_; }

 private:
  double now() const {
    timespec t{};
    clock_gettime(clock_, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
  }
  clockid_t clock_;
  double start_;
};

// fp32 GFLOP/s (two a multiply-add) of `threads` threads doing nothing but independent fused multiply-adds on the
// widest registers that the kernels use, over about `seconds`.
double measure_ceiling(int threads, double seconds);

}  // namespace ddpg
