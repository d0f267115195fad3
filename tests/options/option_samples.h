// Options as the tests of options make them.
#pragma once

#include <string>
#include <string_view>

#include "ddpg/error.h"
#include "ddpg/options.h"

namespace ddpg::testing {

inline Options pendulum() {
  Options options;
  options.environment = "Pendulum-v1";
  return options;
}

inline Options with(std::string_view key, std::string_view value) {
  Options options = pendulum();
  set_option(options, key, value);
  return options;
}

template <class Work>
std::string error_of(const Work& work) {
  try {
    work();
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

inline std::string set_error(std::string_view key, std::string_view value) {
  return error_of([&] { with(key, value); });
}

}  // namespace ddpg::testing
