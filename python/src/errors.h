// Errors of C++ as exceptions of Python: Error is a RuntimeError, UsageError a ValueError too, Interrupted a
// KeyboardInterrupt. An exception that Python code threw below C++ comes back as it was.
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "ddpg/error.h"
#include "module.h"

namespace ddpg::python {

// What `work` returns, which reads the file `path`: an Error is a FileNotFoundError where there is no such file.
void raise_file_not_found(const char* text);
template <class Work>
auto reading(const std::string& path, Work&& work) {
  try {
    return std::forward<Work>(work)();
  } catch (const Error& error) {
    std::error_code ignored;
    if (!path.empty() && !std::filesystem::exists(path, ignored)) raise_file_not_found(error.what());
    throw;
  }
}

// An Error that says what the Python exception in flight says, with that one nested in it.
[[noreturn]] void rethrow_python_error(nb::python_error& error);

}  // namespace ddpg::python
