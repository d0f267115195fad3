// The thread pool: one counter of blocks not yet claimed, one of blocks not yet finished, and a place to sleep.
//
// Threads claim blocks by counting `unclaimed` down, and read the body only after a claim has succeeded. A successful
// claim belongs to the run that is under way at that instant, whatever the thread had seen before, and that run cannot
// end, nor the next one replace the body, before the claimed block is finished. So no thread can meet a body that is
// stale, and none needs to know which run it is in.
#include "support/thread_pool.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <latch>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "ddpg/error.h"
#include "support/machine.h"

namespace ddpg {
namespace {

// How long a thread looks for work before it sleeps: longer than the gaps within an update, shorter than what anyone
// would notice on the other programs of the machine. Waking a sleeper costs about as much again.
constexpr std::chrono::microseconds kSpin{40};

void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Spins until `done` or until `limit` is over; says whether done.
template <class Done>
bool spin(std::chrono::nanoseconds limit, const Done& done) {
  if (done()) return true;
  if (limit.count() == 0) return false;
  const auto end = std::chrono::steady_clock::now() + limit;
  do {
    for (int i = 0; i < 16; i++) {
      if (done()) return true;
      pause();
    }
  } while (std::chrono::steady_clock::now() < end);
  return done();
}

}  // namespace

struct ThreadPool::Impl {
  static constexpr int kStop = -1;

  // the counters are written by all threads: a cache line each
  alignas(64) std::atomic<int> unclaimed = 0;  // blocks of this run that nobody has taken; kStop ends the threads
  Call call = nullptr;
  const void* context = nullptr;
  alignas(64) std::atomic<int> unfinished = 0;  // blocks of this run that are not done

  alignas(64) std::atomic<int> sleepers = 0;
  std::mutex mutex;
  std::condition_variable wake;

  std::chrono::nanoseconds patience{0};  // how long to spin
  std::latch started;                    // what a thread allocates when it starts is over when the pool is made
  std::vector<std::thread> workers;

  explicit Impl(int threads) : started(threads - 1) {}

  // Works until no block is left to claim.
  void work() {
    int left = unclaimed.load(std::memory_order_relaxed);
    while (left > 0) {
      if (!unclaimed.compare_exchange_weak(left, left - 1, std::memory_order_acquire, std::memory_order_relaxed))
        continue;
      call(context, left - 1);
      unfinished.fetch_sub(1, std::memory_order_release);
      left = unclaimed.load(std::memory_order_relaxed);
    }
  }

  void worker() {
    started.count_down();
    const auto called = [this] { return unclaimed.load(std::memory_order_relaxed) != 0; };
    while (unclaimed.load(std::memory_order_relaxed) != kStop) {
      if (!spin(patience, called)) sleep();
      work();
    }
  }

  void sleep() {
    std::unique_lock lock(mutex);
    sleepers.fetch_add(1);  // sequentially consistent, as in announce(): either sees the other
    wake.wait(lock, [this] { return unclaimed.load() != 0; });
    sleepers.fetch_sub(1);
  }

  // Sets `unclaimed` and wakes those that sleep.
  void announce(int value) {
    unclaimed.store(value);
    if (sleepers.load() == 0) return;
    { const std::scoped_lock lock(mutex); }  // each that counts as a sleeper is now waiting, or will look again before
    wake.notify_all();
  }

  void stop() {
    announce(kStop);
    for (std::thread& thread : workers) thread.join();
  }
};

ThreadPool::ThreadPool(int threads) {
  if (threads < 1) throw UsageError("[threads] threads = " + std::to_string(threads) + " must be at least 1");
  impl_ = std::make_unique<Impl>(threads);
  // with more threads than processors, one that spins keeps from working the one that it waits for
  impl_->patience = threads <= hardware_threads() ? kSpin : std::chrono::nanoseconds{0};
  impl_->workers.reserve(static_cast<std::size_t>(threads - 1));
  try {
    for (int i = 1; i < threads; i++) impl_->workers.emplace_back([impl = impl_.get()] { impl->worker(); });
  } catch (const std::system_error& error) {
    const std::size_t started = impl_->workers.size() + 1;
    impl_->stop();
    throw Error("[threads] could not start thread " + std::to_string(started + 1) + " of " + std::to_string(threads) +
                ": " + error.code().message() + "; ask for at most " + std::to_string(started) + " threads");
  }
  impl_->started.wait();
}

ThreadPool::~ThreadPool() {
  impl_->stop();
}

int ThreadPool::threads() const {
  return static_cast<int>(impl_->workers.size()) + 1;
}

void ThreadPool::run_erased(int blocks, Call call, const void* context) {
  start_erased(blocks, call, context);
  finish();
}

void ThreadPool::start_erased(int blocks, Call call, const void* context) {
  if (blocks <= 0) return;
  impl_->call = call;
  impl_->context = context;
  impl_->unfinished.store(blocks, std::memory_order_relaxed);
  impl_->announce(blocks);
}

void ThreadPool::finish() {
  impl_->work();
  const auto finished = [this] { return impl_->unfinished.load(std::memory_order_acquire) == 0; };
  if (spin(impl_->patience, finished)) return;
  while (!finished()) std::this_thread::yield();
}

}  // namespace ddpg
