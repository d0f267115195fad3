// A job of processes that train, started, and again when they die. Not here: what they are told (launch.cpp).
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "support/process.h"

namespace ddpg::cli {

// What starts it, such as `mpirun -n 9`, and the words of ddpg.
struct LaunchedJob {
  std::vector<std::string> starter;
  std::filesystem::path run;               // where its training lies
  std::vector<std::string> first, resume;  // what it runs; and once that has begun
  std::string advice;                      // how one goes on by hand
};

class JobRestarts {
 public:
  // `asked`: how often it was asked to end.
  JobRestarts(LaunchedJob job, const std::atomic<int>& asked);

  // Until the training has ended, was asked to, or died again and again without a newer checkpoint. The exit code of
  // the training. Throws Error.
  int run();

 private:
  // How the training ended by what it wrote itself; kNoEnd where it died.
  int written_end() const;
  ProcessEnd run_once(const std::vector<std::string>& words) const;
  void count(const std::string& end);
  void wait_until_free() const;

  LaunchedJob job_;
  const std::atomic<int>& asked_;
  std::string status_before_;     // status.json as it was found
  std::int64_t checkpoint_ = -1;  // the newest when it died last
  int died_ = 0;                  // so often since there was a newer one
};

}  // namespace ddpg::cli
