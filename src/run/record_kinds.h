// The records that a run can keep beside progress.csv: what they are called, and whose files are whose. Not here: what
// writes them (record/run_records.h).
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>

namespace ddpg {

struct RecordKind {
  const char* name;  // the flag of `ddpg train`, the word in experiment.toml
  const char* help;  // of the flag
  const char* file;  // its file; or, where it ends in a dot, how the names of its files begin

  bool owns(std::string_view name_of_file) const;
  std::string first_file() const;
};

using RecordNames = std::set<std::string>;

std::span<const RecordKind> record_kinds();

}  // namespace ddpg
