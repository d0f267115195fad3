// A folder with C files, and the system's compiler at work on them.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "ddpg/export.h"
#include "export/difference.h"
#include "export/samples.h"
#include "run/evaluation.h"

namespace ddpg::testing {

class CFolder {
 public:
  CFolder() {
    std::string name = (std::filesystem::path(::testing::TempDir()) / "ddpg_export_XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~CFolder() { std::filesystem::remove_all(folder_); }
  CFolder(const CFolder&) = delete;

  std::string operator/(const std::string& name) const { return (folder_ / name).string(); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(folder_ / name) << text; }
  std::string text(const std::string& name) const {
    std::ifstream file(folder_ / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  // What the command says, standard error too; empty where it has nothing to complain of.
  std::string run(const std::string& command) const {
    std::FILE* pipe = ::popen(fmt::format("cd '{}' && {{ {}; }} 2>&1", folder_.string(), command).c_str(), "r");
    std::string said;
    for (int c; (c = std::fgetc(pipe)) != EOF;) said += static_cast<char>(c);
    return ::pclose(pipe) == 0 || !said.empty() ? said : "failed";
  }
  // The sample as NAME.h, and its pairs.
  Exported export_sample(const ExportSample& sample, ExportOptions options = {}, int rows = 200) const {
    options.pairs = sample_pairs(sample.content, rows);
    return export_policy(Policy(sample.content), *this / (sample.name + ".h"), options);
  }

 private:
  std::filesystem::path folder_;
};

inline ExportSample find_sample(const std::string& name) {
  for (const SampleForm& form : sample_forms())
    if (form.name == name) return export_sample(form);
  ADD_FAILURE() << "no sample " << name;
  return {};
}

// How far a policy that acts lies from the pairs.
inline ActionDifference difference(const Actor& actor, const Policy::Content& content, const PolicyPairs& pairs) {
  const auto n = static_cast<std::size_t>(content.body.observation_size), m = content.action_low.size();
  DifferenceMeter meter(content.action_low, content.action_high);
  std::vector<float> action(m);
  for (std::size_t row = 0; row < static_cast<std::size_t>(pairs.rows); row++) {
    const float* begin = pairs.observations.data() + row * n;
    actor(std::vector<double>(begin, begin + n), action);
    meter.add(std::span(pairs.actions).subspan(row * m, m), action);
  }
  return meter.result();
}

}  // namespace ddpg::testing
