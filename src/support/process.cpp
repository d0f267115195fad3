#include "support/process.h"

#include <fcntl.h>
#include <spawn.h>
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

// What posix_spawn is told; freed when it goes.
struct Attributes {
  ::posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_t files;

  explicit Attributes(int log) {
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_init(&files);
    ::sigset_t all, none;
    ::sigfillset(&all);
    ::sigemptyset(&none);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&files, log, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
  }
  ~Attributes() {
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
  }
  Attributes(const Attributes&) = delete;
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (const std::string& text : texts) list.push_back(const_cast<char*>(text.c_str()));
  return list;
}

}  // namespace

Process::Process(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                 const std::vector<std::string>& environment, const std::filesystem::path& log) {
  const LogFile file(log);
  const Attributes how(file.number);
  std::vector<char*> words = pointers(arguments), variables;
  for (char** variable = ::environ; *variable != nullptr; variable++) variables.push_back(*variable);
  for (char* added : pointers(environment)) variables.push_back(added);
  words.push_back(nullptr);
  variables.push_back(nullptr);
  const int error = ::posix_spawn(&id_, program.c_str(), &how.files, &how.attributes, words.data(), variables.data());
  check(error, "start", program);
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
