// The command line, as the wheel's console command calls it.
#include "program/itself.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "module.h"

namespace ddpg::python {
namespace {

// Python's lock goes along: a task of Python takes it when it is stepped.
int run_program(std::vector<std::string> words, const std::string& interpreter, const std::vector<std::string>& first) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const nb::gil_scoped_release release;
  return program(static_cast<int>(words.size()), arguments.data(), {interpreter, first});
}

}  // namespace

void bind_program(nb::module_& module) {
  using namespace nb::literals;
  module.def(
      "program", run_program, "arguments"_a, "interpreter"_a = "", "first"_a = std::vector<std::string>(),
      "The command line `ddpg`, its name first; the exit code. For a process that is nothing else. Experiments and "
      "jobs start the same program again: the interpreter, `first`, and words of the command line.");
}

}  // namespace ddpg::python
