// Each block exactly once, nothing of one run in another, and no collapse with more threads than processors.
#include "support/thread_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <numeric>
#include <set>
#include <thread>
#include <vector>

#include "ddpg/error.h"
#include "support/machine.h"

namespace ddpg {
namespace {

#if defined(__SANITIZE_THREAD__)
constexpr int kEffort = 10;  // ThreadSanitizer slows everything down
#else
constexpr int kEffort = 1;
#endif

TEST(ThreadPool, RunsEachBlockOnce) {
  for (const int threads : {1, 2, 3, 8}) {
    ThreadPool pool(threads);
    EXPECT_EQ(pool.threads(), threads);
    for (const int blocks : {0, 1, 2, 3, 7, 64, 1000}) {
      std::vector<int> counts(static_cast<std::size_t>(blocks) + 1);
      pool.run(blocks, [&counts](int block) { counts[static_cast<std::size_t>(block)]++; });
      for (int block = 0; block < blocks; block++) ASSERT_EQ(counts[static_cast<std::size_t>(block)], 1) << block;
      ASSERT_EQ(counts.back(), 0);
    }
  }
}

// Neighbouring runs have different bodies that write to different places: a thread that took a block of one for the
// other's would be seen.
TEST(ThreadPool, KeepsManyTinyRunsApart) {
  ThreadPool pool(2);
  int even[4] = {}, odd[4] = {};
  for (int run = 0; run < 600'000 / kEffort; run++) {
    const int blocks = 2 + run % 6 / 2;
    pool.run(blocks, [&even, run](int block) { even[block] += run; });
    pool.run(blocks, [&odd, run](int block) { odd[block] -= run; });
    for (int block = 0; block < 4; block++) {
      ASSERT_EQ(even[block], block < blocks ? run : 0) << run;
      ASSERT_EQ(odd[block], block < blocks ? -run : 0) << run;
      even[block] = odd[block] = 0;
    }
  }
}

TEST(ThreadPool, IsRightWithMoreThreadsThanProcessors) {
  ThreadPool pool(3 * hardware_threads() + 2);
  std::vector<double> seconds;
  for (int run = 0; run < 5'000 / kEffort; run++) {
    const auto start = std::chrono::steady_clock::now();
    int results[8] = {};
    pool.run(8, [&results, run](int block) { results[block] += run + block; });
    for (int block = 0; block < 8; block++) ASSERT_EQ(results[block], run + block) << run;
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::ranges::sort(seconds);
  seconds.resize(seconds.size() * 99 / 100);  // of the others a machine that stands still for a moment is the cause
  const double mean = std::accumulate(seconds.begin(), seconds.end(), 0.0) / static_cast<double>(seconds.size());
  EXPECT_LT(mean, 1e-3);  // a time slice lost in each run would be several milliseconds
}

TEST(ThreadPool, WakesThreadsThatSleep) {
  ThreadPool pool(4);
  for (int run = 0; run < 50; run++) {
    std::this_thread::sleep_for(std::chrono::microseconds(run % 2 == 0 ? 1000 : 45));  // asleep, or about to be
    std::atomic<int> sum = 0;
    pool.run(20, [&sum](int block) { sum += block; });
    ASSERT_EQ(sum, 190);
  }
}

TEST(ThreadPool, UsesSeveralThreads) {
  ThreadPool pool(2);
  std::atomic<int> arrived = 0;
  // each block waits for the other: one thread alone would never come to an end
  pool.run(2, [&arrived](int) {
    arrived++;
    while (arrived < 2) std::this_thread::yield();
  });
  EXPECT_EQ(arrived, 2);
}

TEST(ThreadPool, ShowsTheCallerWhatTheBodiesWrote) {
  ThreadPool pool(2);
  std::vector<double> values(10'000);
  for (int run = 1; run <= 200; run++) {
    pool.run(10, [&values](int block) {
      for (int i = 0; i < 1000; i++) values[static_cast<std::size_t>(block * 1000 + i)] += 1;
    });
    ASSERT_EQ(std::accumulate(values.begin(), values.end(), 0.0), 10'000.0 * run);
  }
}

TEST(ThreadPool, WorksWhileItsOwnerDoesSomethingElse) {
  ThreadPool pool(2);
  std::atomic<bool> left_to_the_other = false;
  const auto body = [&left_to_the_other](int) { left_to_the_other = true; };
  for (int run = 0; run < 50; run++) {
    left_to_the_other = false;
    pool.start(1, body);
    while (!left_to_the_other) std::this_thread::yield();  // never comes to an end if nobody works before finish()
    pool.finish();
  }
}

TEST(ThreadPool, FinishesWhatWasStarted) {
  for (const int threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    for (int run = 0; run < 20'000 / kEffort; run++) {
      int counts[6] = {}, blocks = run % 7;
      const auto body = [&counts](int block) { counts[block]++; };
      pool.start(blocks, body);
      if (run % 16 == 0) std::this_thread::sleep_for(std::chrono::microseconds(run % 64));
      pool.finish();
      for (int block = 0; block < 6; block++) ASSERT_EQ(counts[block], block < blocks ? 1 : 0) << run;
    }
    pool.finish();  // with nothing started
  }
}

TEST(ThreadPool, StartsAndEndsQuickly) {
  for (int i = 0; i < 200; i++) {
    ThreadPool pool(4);
    if (i % 2 == 0) pool.run(2, [](int) {});
  }
}

TEST(ThreadPool, SeveralWorkSideBySide) {
  std::vector<std::thread> callers;
  std::atomic<int> total = 0;
  for (int caller = 0; caller < 3; caller++) {
    callers.emplace_back([&total] {
      ThreadPool pool(2);
      for (int run = 0; run < 500; run++) pool.run(4, [&total](int) { total++; });
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(total, 3 * 500 * 4);
}

TEST(ThreadPool, RefusesToHaveNoThread) {
  EXPECT_THROW(ThreadPool(0), UsageError);
  EXPECT_THROW(ThreadPool(-3), UsageError);
}

}  // namespace
}  // namespace ddpg
