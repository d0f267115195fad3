// Policy files that another program wrote, and what the reader says of any bytes.
#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "ddpg/error.h"
#include "places.h"
#include "policy/format.h"

namespace ddpg::testing {

// The file was written by tests/golden/policy_file.py, which follows docs/policy-format.md and knows nothing of this
// code.
inline std::string golden_file(const std::string& name) {
  std::ifstream file(tests_folder() + "/golden/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What is said of `bytes`, or "" when they are taken.
inline std::string complaint(std::string_view bytes) {
  try {
    decode_policy(bytes, "x.ddpg");
  } catch (const UsageError&) {
    return "UsageError";
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace ddpg::testing
