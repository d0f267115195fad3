// A file's bytes, read to the end or to where it is clear that it is no policy.
#pragma once

#include <cstddef>
#include <cstdlib>

#include "deploy/cursor.h"

namespace ddpg::deploy {

class FileBytes {
 public:
  FileBytes() noexcept = default;
  ~FileBytes() { std::free(bytes_); }
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  // False, with `failure` filled, when the file cannot be read or does not fit into memory.
  bool read(const char* path, Failure& failure) noexcept;

  const void* bytes() const noexcept { return bytes_; }
  std::size_t size() const noexcept { return size_; }

 private:
  bool grow() noexcept;
  bool needs_more() const noexcept;

  unsigned char* bytes_ = nullptr;
  std::size_t size_ = 0, room_ = 0;
};

}  // namespace ddpg::deploy
