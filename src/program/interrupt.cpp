#include "program/interrupt.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>

#include "ddpg/error.h"
#include "ddpg/interrupted.h"

namespace ddpg::cli {

namespace {

std::atomic<bool> interrupted = false;
std::atomic<int> times = 0;
std::atomic<bool> announces = false, only_counts = false;
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free,
              "a signal handler may touch nothing else");

// Calls only what POSIX allows in a handler. Only what a person sends twice on purpose ends the program at once: a
// terminal that closes sends SIGHUP more than once, and the kernel SIGXCPU every second.
extern "C" void on_stop(int signal) {
  const int error = errno;
  const bool first = !interrupted.exchange(true);
  const bool on_purpose = signal == SIGINT || signal == SIGTERM;
  if (first || on_purpose) times++;
  if (on_purpose && !only_counts) {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
  }
  if (first && announces) {
    static constexpr std::string_view kText = "\nddpg: stopping and saving; once more ends it at once\n";
    ::pollfd terminal = {STDERR_FILENO, POLLOUT, 0};  // one that takes nothing for now would hold us up here
    if (::poll(&terminal, 1, 0) > 0) [[maybe_unused]]
      const ::ssize_t written = ::write(STDERR_FILENO, kText.data(), kText.size());
  }
  errno = error;
}

bool is_ignored(int signal) {
  struct sigaction action = {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

const std::atomic<bool>& listen_for_interrupt(bool announce) {
  announces = announce;
  struct sigaction action = {};
  action.sa_handler = on_stop;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGXCPU, SIGUSR1, SIGUSR2}) ::sigaction(signal, &action, nullptr);
  if (!is_ignored(SIGHUP)) ::sigaction(SIGHUP, &action, nullptr);  // nohup
  std::signal(SIGPIPE, SIG_IGN);  // nobody reading our progress is no reason to lose a run
  return interrupted;
}

const std::atomic<int>& count_interrupts(bool announce) {
  only_counts = true;
  listen_for_interrupt(announce);
  return times;
}

bool is_interrupted() {
  return interrupted;
}

void stop_with_parent() {
  const char* variable = std::getenv("DDPG_PARENT");
  if (variable == nullptr) return;
  const std::string_view text = variable;
  ::pid_t parent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parent);
  if (error != std::errc() || end != text.data() + text.size() || parent <= 0) {
    throw UsageError(
        "the variable DDPG_PARENT is set, by which an experiment gives its trainings its process number, and it holds "
        "none; unset it");
  }
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) {  // it died before we could notice
    throw Interrupted(fmt::format(
        "process {}, which the variable DDPG_PARENT names as the experiment of this training, is not the one that "
        "started it; nothing was begun",
        parent));
  }
  ::unsetenv("DDPG_PARENT");
}

}  // namespace ddpg::cli
