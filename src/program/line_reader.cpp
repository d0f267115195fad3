#include "program/line_reader.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "ddpg/error.h"

namespace ddpg::cli {

bool LineReader::next(std::string_view& line) {
  too_long_ = false;
  std::size_t searched = 0, end = 0;
  while ((end = buffer_.find('\n', begin_ + searched)) == std::string::npos) {
    if (buffer_.size() - begin_ > longest_) {
      too_long_ = true;
      buffer_.resize(begin_ + longest_);
    }
    searched = buffer_.size() - begin_;
    if (read_more()) continue;
    if (searched == 0) return false;
    end = buffer_.size();  // the last line needs no end
    break;
  }
  too_long_ = too_long_ || end - begin_ > longest_;
  line = std::string_view(buffer_).substr(begin_, std::min(end - begin_, longest_));
  begin_ = std::min(end + 1, buffer_.size());
  while (line.ends_with('\r')) line.remove_suffix(1);
  return true;
}

// False at the end.
bool LineReader::read_more() {
  constexpr std::size_t kPiece = 65'536;
  buffer_.erase(0, begin_);
  begin_ = 0;
  const std::size_t before = buffer_.size();
  buffer_.resize(before + kPiece);
  for (;;) {
    const ::ssize_t count = ::read(STDIN_FILENO, buffer_.data() + before, kPiece);
    if (count >= 0) {
      buffer_.resize(before + static_cast<std::size_t>(count));
      return count > 0;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      ::pollfd input = {STDIN_FILENO, POLLIN, 0};
      ::poll(&input, 1, -1);
    } else if (errno != EINTR) {
      throw Error(
          fmt::format("cannot read standard input: {}; expected a pipe, a file or a terminal with a line for "
                      "each observation",
                      std::strerror(errno)));
    }
  }
}

}  // namespace ddpg::cli
