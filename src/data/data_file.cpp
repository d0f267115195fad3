#include "data/data_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "ddpg/error.h"
#include "support/bytes.h"
#include "support/shown.h"

namespace ddpg {

// Without waiting for a pipe to be written to.
DataFile::DataFile(const std::string& path)
    : name_(shown(path)), descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)) {
  struct stat status {};
  if (descriptor_ < 0 || ::fstat(descriptor_, &status) != 0) {
    const std::string cause = std::generic_category().message(errno);
    if (descriptor_ >= 0) ::close(descriptor_);
    fail(fmt::format("could not be read: {}; check the path and its permissions", cause));
  }
  if (!S_ISREG(status.st_mode)) {
    ::close(descriptor_);
    fail("expected a regular file, found a pipe, a device or a folder; write what it gives to a file first");
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
}

DataFile::~DataFile() {
  ::close(descriptor_);
}

std::string DataFile::piece(std::uint64_t place, std::size_t most) const {
  std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(most, size_ - std::min(place, size_))), '\0');
  std::size_t read = 0;
  while (read < bytes.size()) {
    const ssize_t count =
        ::pread(descriptor_, bytes.data() + read, bytes.size() - read, static_cast<::off_t>(place + read));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(fmt::format("could not be read: {}", std::generic_category().message(errno)));
    if (count == 0) fail("became shorter while it was read");
    read += static_cast<std::size_t>(count);
  }
  return bytes;
}

std::uint32_t DataFile::checksum() const {
  constexpr std::size_t kAtATime = 1 << 20;
  std::uint32_t checksum = 0;
  for (std::uint64_t place = 0; place < size_; place += kAtATime) checksum = crc32(piece(place, kAtATime), checksum);
  return checksum;
}

void DataFile::fail(std::string_view what) const {
  throw Error(fmt::format("[{}] {}", name_, what));
}

}  // namespace ddpg
