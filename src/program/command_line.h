// The command line: which verb it asks for, and everything that is wrong with it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "program/verbs.h"

namespace ddpg::cli {

struct Command {
  Common common;
  Run run;
};

// Throws UsageError naming what is wrong: an unknown verb or flag with the nearest ones, a missing value, a number that
// is none.
Command read_command_line(int argc, const char* const* argv);

// Reads the words of such a verb where they are not this program's own command line. Whether --json is among them.
// Throws likewise.
bool read_words(const std::string& verb, const std::vector<std::string>& words, const std::function<void(Flags&)>& add);

// Whether --json stands among the flags, whatever else is wrong with them.
bool wants_json(int argc, const char* const* argv);

}  // namespace ddpg::cli
