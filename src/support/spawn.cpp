#include "support/spawn.h"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <csignal>

namespace ddpg {

namespace {

// What posix_spawn is given; freed when it goes.
struct Settings {
  ::posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_t files;

  Settings() {
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_init(&files);
    ::sigset_t all, none;
    ::sigfillset(&all);
    ::sigemptyset(&none);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
  }
  ~Settings() {
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
  }
  Settings(const Settings&) = delete;

  void stream(int number, int from) {
    if (from < 0)
      ::posix_spawn_file_actions_addopen(&files, number, "/dev/null", O_RDWR, 0);
    else
      ::posix_spawn_file_actions_adddup2(&files, from, number);
  }
};

void append(std::vector<char*>& pointers, const std::vector<std::string>& texts) {
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
}

}  // namespace

int spawn(const Spawn& how, ::pid_t& process) {
  Settings settings;
  settings.stream(STDIN_FILENO, how.in);
  settings.stream(STDOUT_FILENO, how.out);
  settings.stream(STDERR_FILENO, how.errors);
  std::vector<char*> words, variables;
  append(words, how.words);
  for (char** variable = ::environ; *variable != nullptr; variable++) variables.push_back(*variable);
  append(variables, how.environment);
  return ::posix_spawnp(&process, how.program.c_str(), &settings.files, &settings.attributes, words.data(),
                        variables.data());
}

}  // namespace ddpg
