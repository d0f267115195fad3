#pragma once

#include <sys/resource.h>

#include <csignal>

namespace ddpg::testing {

// Files of this process can become no longer than that, as on a disk that is full.
class SizeLimit {
 public:
  explicit SizeLimit(::rlim_t bytes) : former_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &former_);
    const ::rlimit limit{bytes, former_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~SizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &former_);
    std::signal(SIGXFSZ, former_handler_);
  }

 private:
  ::rlimit former_{};
  void (*former_handler_)(int);
};

}  // namespace ddpg::testing
