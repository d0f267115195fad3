// Checksums of the lines of progress.csv, in progress.sums beside it, so that the table itself stays what every program
// reads: for each line where it ends and its CRC-32. A line in which one bit has turned is mended by it, one that is
// damaged further is known and left out; nothing wrong is taken for a measurement. A kill may come between the writing
// of the two files: a table without sums is taken as it is, and one that lacks lines of its sums keeps all others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ddpg {

// The line of progress.sums for `line`, which ends, with its line end, at byte `end` of the table.
std::string sum_of_line(std::string_view line, std::size_t end);

// Of each whole line of the table, however long it is. Throws Error when it cannot be read.
std::string sums_of(const std::filesystem::path& table);

// progress.sums of a table, and what is in it; nothing where it cannot be read.
std::filesystem::path sums_file(const std::filesystem::path& table);
std::string read_sums(const std::filesystem::path& table);

struct CheckedLines {
  std::vector<std::string> lines;  // with their line ends; without those lost
  std::vector<int> numbers;        // of each of them: which of the lines that were written it is, the first is 1
  std::vector<int> mended, lost;   // their numbers in the file, the first is 1
  bool damaged() const { return !mended.empty() || !lost.empty(); }
  std::string text() const;
  // "line 3 differs from what was written, beyond mending, and is left out; line 9 had a wrong bit, which is mended",
  // or "".
  std::string problem() const;
};

// The whole lines of `text`, checked by `sums` as far as those go: what was written last, or before there were sums,
// has none and is taken as it is.
CheckedLines check_lines(std::string_view text, std::string_view sums);

}  // namespace ddpg
