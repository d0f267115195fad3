#include "support/process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

#include "ddpg/error.h"
#include "support/shown.h"

namespace ddpg {

namespace {

void check(int error, const char* what, const std::filesystem::path& path) {
  if (error == 0) return;
  throw Error("[process] could not " + std::string(what) + " " + shown(path) + ": " +
              std::generic_category().message(error));
}

// Opened here, where an error can name it.
struct LogFile {
  int number;

  explicit LogFile(const std::filesystem::path& log)
      : number(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0666)) {
    if (number < 0) check(errno, "write", log);
  }
  ~LogFile() { ::close(number); }
  LogFile(const LogFile&) = delete;
};

}  // namespace

Process::Process(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                 const std::vector<std::string>& environment, const std::filesystem::path& log) {
  const LogFile file(log);
  check(spawn({program, arguments, environment, -1, file.number, file.number}, id_), "start", program);
}

Process::Process(const Spawn& how) {
  check(spawn(how, id_), "start", how.program);
}

void Process::send(int signal) const {
  ::kill(id_, signal);
}

std::optional<ProcessEnd> Process::ended() {
  int status = 0;
  if (::waitpid(id_, &status, WNOHANG) != id_) return {};
  ProcessEnd end;
  if (WIFEXITED(status)) end.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
  return end;
}

}  // namespace ddpg
