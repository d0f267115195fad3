// A file that is read in pieces, from any place, of which nothing is trusted. Not here: whole files (support/files.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ddpg {

class DataFile {
 public:
  // Throws Error naming the file and the cause: missing, unreadable, no regular file.
  explicit DataFile(const std::string& path);
  ~DataFile();
  DataFile(const DataFile&) = delete;

  std::uint64_t size() const { return size_; }
  // For messages.
  const std::string& name() const { return name_; }

  // The bytes from `place` on, `most` of them or as many as there are.
  std::string piece(std::uint64_t place, std::size_t most) const;
  // CRC-32 of the whole.
  std::uint32_t checksum() const;
  // Throws Error "[name] what".
  [[noreturn]] void fail(std::string_view what) const;

 private:
  std::string name_;
  int descriptor_;
  std::uint64_t size_ = 0;
};

}  // namespace ddpg
