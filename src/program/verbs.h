// The verbs of the program: a table, and what each is given. A verb is one file, which says what it takes and what it
// does, and one row (verbs.cpp). With `common.json` a verb prints nothing to standard output but one JSON object, as
// the last line.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "program/flags.h"
#include "program/itself.h"

namespace ddpg::cli {

inline constexpr int kDone = 0, kFailed = 1, kWrongUse = 2, kInterrupted = 130;

// What every verb is given.
struct Common {
  std::string program;  // how the program was called, for the next command to type
  bool json = false;
  std::vector<std::string> plugins;  // to be loaded
  Itself itself{};                   // how processes of the same program are started

  // The beginning of such a command: the program, and what else it must load to know the same tasks.
  std::string command() const;
  // What stands before the verb where the same program is started again, in any folder: not its own name.
  std::vector<std::string> first_words() const;
};

// Does what the command line asked for and returns the exit code. Throws UsageError, Error or Interrupted.
using Run = std::function<int(const Common&)>;

struct Verb {
  const char* name;
  const char* help;    // one line
  Run (*add)(Flags&);  // says what the verb takes, and returns what to do once that is read
};

// In the order of `ddpg --help`.
std::span<const Verb> verbs();

}  // namespace ddpg::cli
