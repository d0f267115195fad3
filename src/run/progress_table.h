// progress.csv read back: columns found by their name, so that tables of older versions, with fewer columns, and of
// newer ones, with more, can be read too. Not here: writing it (record/csv.h).
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/files.h"

namespace ddpg {

class ProgressTable {
 public:
  ProgressTable() = default;
  ProgressTable(std::vector<std::string> names, std::vector<std::vector<double>> columns);

  std::size_t rows() const { return columns_.empty() ? 0 : columns_.front().size(); }
  bool has(std::string_view name) const { return !column(name).empty(); }
  const std::vector<std::string>& names() const { return names_; }
  /// One number for each row, NaN where the field is empty; an empty span when there is no such column, or no row.
  std::span<const double> column(std::string_view name) const;
  /// The last number of the column that is not NaN; NaN when there is none.
  double last(std::string_view name) const;

 private:
  std::vector<std::string> names_;
  std::vector<std::vector<double>> columns_;  // as many as names, all of the same length
};

/// The table in `text`. A last row without a line end is the half of one that a killed run left, and is dropped. Throws
/// Error "[where:line] ...": no column `step`, a column twice, a row of another length, a field that is no number,
/// steps that go back.
ProgressTable parse_progress(std::string_view text, std::string_view where);

/// The table in `file`, as far as it agrees with the checksums beside it (line_sums.h); what was wrong is put in
/// `problem`. Throws Error as parse_progress(), and where the file cannot be read or has more than `limit` bytes.
ProgressTable read_progress(const std::filesystem::path& file, std::string& problem, std::size_t limit = kLongestTable);

}  // namespace ddpg
