#include "support/limited_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "ddpg/error.h"

namespace ddpg {
namespace {

class OpenFile {
 public:
  // without waiting: a pipe that nobody writes to would be waited for for ever
  explicit OpenFile(const std::filesystem::path& path)
      : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
  ~OpenFile() {
    if (number_ >= 0) ::close(number_);
  }
  OpenFile(const OpenFile&) = delete;

  int number() const { return number_; }

 private:
  int number_;
};

}  // namespace

std::string read_limited_file(const std::filesystem::path& path, std::size_t limit, const char* where) {
  const auto fail = [&](int error) {
    throw Error(fmt::format("[{}] cannot read {}: {}", where, path.string(), std::generic_category().message(error)));
  };
  const OpenFile file(path);
  if (file.number() < 0) fail(errno);
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) fail(errno);
  if (!S_ISREG(status.st_mode)) throw Error(fmt::format("[{}] cannot read {}: it is no file", where, path.string()));

  std::string bytes;
  constexpr std::size_t kPiece = 65'536;
  for (;;) {  // the size was not believed: a file may grow while it is read
    const std::size_t before = bytes.size();
    bytes.resize(before + std::min(kPiece, limit + 1 - before));
    const ssize_t count = ::read(file.number(), bytes.data() + before, bytes.size() - before);
    if (count < 0 && errno != EINTR) fail(errno);
    bytes.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (bytes.size() > limit)
      throw Error(fmt::format("[{}] {} is longer than {} bytes, which no such file is", where, path.string(), limit));
    if (count == 0) return bytes;
  }
}

}  // namespace ddpg
