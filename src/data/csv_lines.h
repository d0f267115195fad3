// The lines of a CSV file and their fields. Not here: what the fields mean (csv.cpp).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/data_file.h"

namespace ddpg {

class CsvLines {
 public:
  explicit CsvLines(const DataFile& file);

  // The next line that is not blank, as fields() gives it; false: there is none.
  bool next();
  std::int64_t line() const { return line_; }  // its number, from 1
  // Without the blanks around them and without quotation marks. Valid until next().
  const std::vector<std::string>& fields() const { return fields_; }
  // Throws Error "[file:line] what".
  [[noreturn]] void fail(std::string_view what) const;

 private:
  bool take_line();
  void split();
  std::size_t take_quoted(std::size_t begin, std::string& field) const;

  const DataFile& file_;
  std::uint64_t place_ = 0;  // in the file, of what was not read yet
  std::string read_;         // from there, and not taken yet
  std::size_t taken_ = 0;    // of it
  std::string text_;         // the line
  std::int64_t line_ = 0;
  std::vector<std::string> fields_;
};

}  // namespace ddpg
