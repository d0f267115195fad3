#include "interrupt.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>

namespace ddpg::cli {

namespace {

std::atomic<bool> stop = false;
std::atomic<bool> announces = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may touch nothing else");

// Calls only what POSIX allows in a handler.
extern "C" void on_interrupt(int) {
  stop = true;
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  if (!announces) return;
  static constexpr std::string_view kText = "\nddpg: stopping and saving; once more ends it at once\n";
  [[maybe_unused]] const ::ssize_t written = ::write(STDERR_FILENO, kText.data(), kText.size());
}

}  // namespace

const std::atomic<bool>& listen_for_interrupt(bool announce) {
  announces = announce;
  struct sigaction action = {};
  action.sa_handler = on_interrupt;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // nobody reading our progress is no reason to lose a run
  return stop;
}

void stop_with_parent() {
  const char* parent = std::getenv("DDPG_PARENT");
  if (parent == nullptr) return;
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (std::to_string(::getppid()) != parent) std::raise(SIGTERM);  // it died before we could be told
  ::unsetenv("DDPG_PARENT");
}

}  // namespace ddpg::cli
