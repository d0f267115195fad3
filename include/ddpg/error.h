// Errors. The library never prints and never exits: what goes wrong is thrown as one of these two. A third one, for a
// caller who asked to stop, is in interrupted.h.
#pragma once

#include <stdexcept>
#include <string>

namespace ddpg {

/// Something failed while working: a file, memory, an environment that returned NaN. The command line ends with exit
/// code 1. The text says where, what was expected, what was found and, where it can be said, what to do next.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The caller asked for something that cannot be: an unknown name, an option out of range. Nothing was started, nothing
/// was written. The command line ends with exit code 2.
class UsageError : public Error {
 public:
  using Error::Error;
};

}  // namespace ddpg
