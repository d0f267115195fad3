// How this program is started once more. An experiment starts it for each of its trainings, and `launch` in each
// process of a job. Where an interpreter runs it, as the command of the Python package does, its executable is the
// interpreter, which must be told what to run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ddpg {

struct Itself {
  std::filesystem::path interpreter{};  // empty: the program is an executable of its own
  std::vector<std::string> first{};     // what the interpreter is told before the words of the command line

  // What is started. An executable stays this very one, also when its file is replaced meanwhile.
  std::filesystem::path file() const { return interpreter.empty() ? "/proc/self/exe" : interpreter; }
};

// program() of ddpg/program.h, for one that is started so.
int program(int argc, char** argv, const Itself& itself);

}  // namespace ddpg
