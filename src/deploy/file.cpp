// Reading a file of unknown size: see file.h.
#include "deploy/file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace ddpg::deploy {

bool FileBytes::grow() noexcept {
  const std::size_t room = room_ == 0 ? 65'536 : room_ * 2;
  auto* const bytes = static_cast<unsigned char*>(std::realloc(bytes_, room));
  if (!bytes) return false;
  bytes_ = bytes, room_ = room;
  return true;
}

// Not when it begins with something else, nor beyond the size that its header states: a device never ends.
bool FileBytes::needs_more() const noexcept {
  if (size_ < 24) return true;
  std::uint64_t stated = 0;
  for (int i = 7; i >= 0; i--) stated = stated << 8 | bytes_[16 + i];
  return std::memcmp(bytes_, "DDPGPOL\n", 8) == 0 && size_ <= stated;
}

bool FileBytes::read(const char* path, Failure& failure) noexcept {
  std::FILE* const file = std::fopen(path, "rb");
  if (!file) {
    failure.set(Code::cannot_read, "", "cannot open it: %s", std::strerror(errno));
    return false;
  }
  std::size_t got = 1;
  while (got > 0 && needs_more() && failure.code == Code::ok) {
    if (size_ == room_ && !grow()) {
      failure.set(Code::out_of_memory, "", "not enough memory for this file");
      break;
    }
    got = std::fread(bytes_ + size_, 1, room_ - size_, file);
    size_ += got;
  }
  if (std::ferror(file)) failure.set(Code::cannot_read, "", "cannot read it: %s", std::strerror(errno));
  std::fclose(file);
  return failure.code == Code::ok;
}

}  // namespace ddpg::deploy
