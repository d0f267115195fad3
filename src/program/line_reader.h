// Standard input line by line: each line is given back as soon as it is there, and none may be longer than a bound.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ddpg::cli {

class LineReader {
 public:
  explicit LineReader(std::size_t longest) : longest_(longest) {}

  // The next line, without its end; valid until the next call. False at the end of the input. Throws Error where that
  // cannot be read. Waits where it is a pipe that does not block.
  bool next(std::string_view& line);
  // The line just given was longer: it is cut, and the rest of it passed over.
  bool too_long() const { return too_long_; }

 private:
  bool read_more();

  std::size_t longest_;
  std::string buffer_;
  std::size_t begin_ = 0;  // of the line, in the buffer
  bool too_long_ = false;
};

}  // namespace ddpg::cli
