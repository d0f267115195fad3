// Ctrl-C while C++ works: it stops at once, saves, and then Python hears of it.
#pragma once

#include <atomic>
#include <csignal>

namespace ddpg::python {

// While one lives, the first SIGINT makes stop() true; the second is Python's own again. Only in the main thread of
// Python, which alone hears of signals; elsewhere, and where the signal is ignored, it does nothing.
class StopOnInterrupt {
 public:
  StopOnInterrupt();
  ~StopOnInterrupt();
  StopOnInterrupt(const StopOnInterrupt&) = delete;
  StopOnInterrupt& operator=(const StopOnInterrupt&) = delete;

  std::atomic<bool>& stop() { return stop_; }
  // Whether the signal came. Whoever took note of everything raises it again then, for Python to do what it does on
  // one.
  bool came() const;

 private:
  std::atomic<bool> stop_ = false;
  bool listens_ = false;
};

}  // namespace ddpg::python
