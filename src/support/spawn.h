// Starts another program: the one place that does. Not here: what is done with it (process.h, program.h).
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace ddpg {

struct Spawn {
  std::string program;                        // a path, or a name that is found as a shell would find it
  std::vector<std::string> words;             // its arguments, the first of them its name as it is shown
  std::vector<std::string> environment = {};  // added to that of this process: "NAME=value"
  int in = -1, out = -1, errors = -1;         // its standard streams; -1: /dev/null
};

// In a process group of its own, so that Ctrl-C at a terminal asks us, and we decide what becomes of it; with signals
// as by default. Returns 0, or the number of the error that kept it from starting.
int spawn(const Spawn& how, ::pid_t& process);

}  // namespace ddpg
