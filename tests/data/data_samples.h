// Files of transitions as the tests make them, and how they are read.
#pragma once

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "ddpg/data.h"
#include "ddpg/error.h"
#include "support/temporary_folder.h"

namespace ddpg::testing {

inline Specification data_specification() {
  return {"a task", 2, {-1.0f, 0.0f}, {1.0f, 3.0f}, 0};
}

struct ReadData {
  std::vector<Transition> transitions;
  DataSummary summary;
};

inline ReadData read_data(const std::string& file, const Specification& specification = data_specification()) {
  ReadData read;
  read.summary = read_transitions(file, specification, [&](const Transition& t) { read.transitions.push_back(t); });
  return read;
}

// What is wrong with the file; "" when nothing is.
inline std::string data_error(const std::string& file, const Specification& specification = data_specification()) {
  try {
    read_data(file, specification);
  } catch (const UsageError& error) {
    return std::string("a usage error: ") + error.what();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

inline bool same(const Transition& a, const Transition& b) {
  return a.observation == b.observation && a.action == b.action && a.reward == b.reward &&
         a.next_observation == b.next_observation && a.terminated == b.terminated && a.truncated == b.truncated;
}
inline bool same(const std::vector<Transition>& a, const std::vector<Transition>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) { return same(x, y); });
}

class DataFolder {
 public:
  std::string write(const std::string& name, const std::string& bytes) const {
    const std::string file = (folder_.path() / name).string();
    std::ofstream(file, std::ios::binary) << bytes;
    return file;
  }
  const std::filesystem::path& path() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
};

}  // namespace ddpg::testing
