// Threads that wait for short pieces of work. The caller cuts work into blocks in such a way that no result depends on
// the cut.
#pragma once

#include <cstddef>
#include <memory>

namespace ddpg {

/// A fixed set of threads. run() hands out block indices; the caller works too. A waiting thread spins for some
/// microseconds, then sleeps.
class ThreadPool {
 public:
  explicit ThreadPool(int threads);  ///< threads >= 1, the caller's included
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const;

  /// Calls body(block) once for each block in [0, blocks), on any thread, in any order, and returns when all are done.
  /// Allocates nothing. `body` must not throw. Not to be called from inside a body.
  template <class Body>
  void run(int blocks, const Body& body) {
    if (blocks == 1 || threads() == 1) {
      for (int block = 0; block < blocks; block++) body(block);
      return;
    }
    run_erased(
        blocks, [](const void* context, int block) { (*static_cast<const Body*>(context))(block); }, &body);
  }

  /// As run() in two halves: start() returns at once and the other threads work while the caller does something else;
  /// finish() works too and returns when all is done. `body` must live until then, and nothing may be run in between.
  template <class Body>
  void start(int blocks, const Body& body) {
    start_erased(
        blocks, [](const void* context, int block) { (*static_cast<const Body*>(context))(block); }, &body);
  }
  void finish();

 private:
  using Call = void (*)(const void* context, int block);
  void run_erased(int blocks, Call call, const void* context);
  void start_erased(int blocks, Call call, const void* context);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ddpg
