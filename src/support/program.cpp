#include "support/program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "support/spawn.h"
#include "support/stop.h"

namespace ddpg {
namespace {

void close_once(int& descriptor) {
  if (descriptor >= 0) ::close(std::exchange(descriptor, -1));
}

}  // namespace

Program::Program(const std::string& name, std::vector<std::string> arguments, Answers answers,
                 const std::atomic<bool>* stop)
    : what_("the wait for the program " + name), stop_(stop) {
  // a socket and no pipe: writing to one whose reader is gone can return an error instead of raising a signal
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    error_ = errno;
    return;
  }
  stream_ = ends[0];
  words_ = ::memfd_create("words", MFD_CLOEXEC);
  arguments.insert(arguments.begin(), name);
  error_ = words_ < 0 ? errno
                      : spawn({name, std::move(arguments), {}, ends[1], answers == Answers::yes ? ends[1] : -1, words_},
                              process_);
  ::close(ends[1]);
  if (error_ != 0) process_ = -1;
}

Program::~Program() {
  if (process_ > 0) ::kill(-process_, SIGKILL);  // its process group
  stop_ = nullptr;
  wait();
  close_once(words_);
}

// Until the stream can be written or read, in short naps between which a stop is heard.
void Program::wait_for(short events) const {
  constexpr int kNap = 50;  // milliseconds
  ::pollfd stream = {stream_, events, 0};
  do {
    throw_if_stopped(stop_, what_.c_str());
  } while (::poll(&stream, 1, stop_ != nullptr ? kNap : -1) <= 0);
}

bool Program::write(std::span<const unsigned char> bytes) {
  while (!bytes.empty()) {
    wait_for(POLLOUT);
    const ::ssize_t written = ::send(stream_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (written < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

bool Program::read(std::span<unsigned char> bytes) {
  while (!bytes.empty()) {
    wait_for(POLLIN);
    const ::ssize_t count = ::recv(stream_, bytes.data(), bytes.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

int Program::wait() {
  close_once(stream_);
  int status = 0;
  const int how = stop_ != nullptr ? WNOHANG : 0;
  for (long nap = 100'000; process_ > 0; nap = std::min(2 * nap, 20'000'000L)) {  // ns
    const ::pid_t ended = ::waitpid(process_, &status, how);
    if (ended == 0) {
      throw_if_stopped(stop_, what_.c_str());
      const ::timespec duration{0, nap};
      ::nanosleep(&duration, nullptr);
    } else if (ended > 0 || errno != EINTR) {
      process_ = -1;
    }
  }
  return status;
}

std::string Program::ending(int status) {
  return WIFSIGNALED(status)
             ? fmt::format("was ended by signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)))
             : fmt::format("ended with exit code {}", WEXITSTATUS(status));
}

std::string Program::last_words() const {
  constexpr std::size_t kMost = 2'000;  // bytes
  std::string words(kMost, '\0');
  const ::off_t size = ::lseek(words_, 0, SEEK_END);
  const ::ssize_t count =
      ::pread(words_, words.data(), kMost, std::max<::off_t>(size - static_cast<::off_t>(kMost), 0));
  words.resize(static_cast<std::size_t>(std::max<::ssize_t>(count, 0)));
  words.erase(words.find_last_not_of('\n') + 1);
  std::size_t start = words.size();
  for (int lines = 0; lines < 5 && start != std::string::npos && start > 0; lines++)
    start = words.rfind('\n', start - 1);
  return start == std::string::npos || start == 0 ? words : words.substr(start + 1);
}

}  // namespace ddpg
