// Another program, started and watched. Not here: why (experiment/experiment_jobs.h).
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "support/spawn.h"

namespace ddpg {

// How a process ended: by its exit code, or by a signal that killed it.
struct ProcessEnd {
  int code = -1;
  int signal = 0;
};

// In a process group of its own, so that Ctrl-C at a terminal does not reach it. Signals are handled as by default.
class Process {
 public:
  // Nothing to read, and what it writes (output and errors) is added to a file. `arguments` begins with the program's
  // name as it is shown; `environment` is added to this process's ("NAME=value"). Throws Error when it cannot be
  // started.
  Process(const std::filesystem::path& program, const std::vector<std::string>& arguments,
          const std::vector<std::string>& environment, const std::filesystem::path& log);
  // With other streams. Throws likewise.
  explicit Process(const Spawn& how);

  ::pid_t id() const { return id_; }
  void send(int signal) const;
  // How it ended; nothing while it runs. To be asked until it says something, and not again.
  std::optional<ProcessEnd> ended();

 private:
  ::pid_t id_ = -1;
};

}  // namespace ddpg
