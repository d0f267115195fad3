// The one reader of whole files: see files.h. Whatever stands at a path, reading comes to an end.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "ddpg/error.h"
#include "support/files.h"
#include "support/machine.h"
#include "support/shown.h"

namespace ddpg {
namespace {

constexpr std::size_t kPiece = 65'536;

class OpenFile {
 public:
  // Without waiting, where `waits` does not say so: a pipe that nobody writes to would be waited for for ever.
  explicit OpenFile(const std::filesystem::path& path, bool waits = false)
      : path_(path), number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | (waits ? 0 : O_NONBLOCK))) {
    if (number_ < 0 || ::fstat(number_, &status_) != 0) fail();
  }
  ~OpenFile() {
    if (number_ >= 0) ::close(number_);
  }
  OpenFile(const OpenFile&) = delete;

  const struct stat& status() const { return status_; }
  // So many bytes from the present place, fewer at the end.
  std::string take(std::size_t most) {
    std::string bytes;
    while (bytes.size() < most) {  // the size is not trusted: a file may grow while it is read
      const std::size_t before = bytes.size();
      bytes.resize(before + std::min(kPiece, most - before));
      const ssize_t count = ::read(number_, bytes.data() + before, bytes.size() - before);
      if (count < 0 && errno != EINTR) fail();
      bytes.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
      if (count == 0) break;
    }
    return bytes;
  }

 private:
  [[noreturn]] void fail() const {
    const int error = errno;
    const std::string text = fmt::format("[files] could not read {}: {}; check the path and its permissions",
                                         shown(path_), std::generic_category().message(error));
    if (error == ENOENT || error == ENOTDIR) throw Error(text);
    throw UnreadableFile(text);
  }

  const std::filesystem::path& path_;
  int number_;
  struct stat status_ {};
};

const char* kind_of(const struct stat& status) {
  if (S_ISDIR(status.st_mode)) return "Is a directory";
  return S_ISFIFO(status.st_mode) ? "it is a pipe" : "it is a device or a socket";
}

void expect_file(const OpenFile& file, const std::filesystem::path& path) {
  if (S_ISREG(file.status().st_mode)) return;
  throw Error(
      fmt::format("[files] could not read {}: {}; expected a regular file", shown(path), kind_of(file.status())));
}

}  // namespace

std::string read_file(const std::filesystem::path& path, std::size_t limit) {
  OpenFile file(path);
  expect_file(file, path);
  const auto size = static_cast<std::size_t>(file.status().st_size);
  const std::size_t memory = size > kLongestText ? available_memory() : 0;
  if (memory > 0 && size > memory)
    throw UnreadableFile(
        fmt::format("[files] could not read {}: its {} bytes are more than the {} bytes of memory available",
                    shown(path), size, memory));
  std::string bytes = file.take(limit == kAnySize ? limit : limit + 1);
  if (bytes.size() <= limit) return bytes;
  throw Error(
      fmt::format("[files] could not read {}: it is longer than {} bytes, which no such file is", shown(path), limit));
}

void read_pieces(const std::filesystem::path& path, const std::function<bool(std::string_view)>& take) {
  OpenFile file(path);
  expect_file(file, path);
  for (std::string piece = file.take(kPiece); !piece.empty(); piece = file.take(kPiece))
    if (!take(piece)) return;
}

std::string read_named_file(const std::filesystem::path& path, std::size_t limit) {
  OpenFile file(path, true);
  if (S_ISDIR(file.status().st_mode)) expect_file(file, path);
  std::string bytes = file.take(limit + 1);
  if (bytes.size() <= limit) return bytes;
  throw Error(
      fmt::format("[files] could not read {}: it is longer than {} bytes, which no such file is", shown(path), limit));
}

}  // namespace ddpg
