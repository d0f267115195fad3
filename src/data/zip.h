// The archive format zip (PKWARE's APPNOTE.TXT 6.3), with its extension zip64, as far as NumPy writes it: members that
// are stored or deflated, neither encrypted nor spread over disks. Nothing that a file says is trusted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/data_file.h"
#include "data/inflate.h"

namespace ddpg {

struct ZipMember {
  std::string name;
  std::uint64_t begin = 0;       // of its local header in the file
  std::uint64_t compressed = 0;  // bytes there
  std::uint64_t size = 0;        // bytes that they stand for
  std::uint32_t checksum = 0;    // CRC-32 of these
  bool deflated = false;
};

// Throws Error naming the file and what is wrong with it.
std::vector<ZipMember> zip_members(const DataFile& file);

// The bytes of one member, front to back.
class ZipStream {
 public:
  // Both must outlive it. Throws Error naming file and member.
  ZipStream(const DataFile& file, const ZipMember& member);

  std::uint64_t left() const { return left_; }
  // The next `size` bytes, which must be left(); with the last of them the checksum must come out right.
  void read(char* to, std::size_t size);
  [[noreturn]] void fail(std::string_view what) const;

 private:
  std::size_t inflate(char* to, std::size_t size);

  const DataFile& file_;
  const ZipMember& member_;
  std::uint64_t place_ = 0, end_ = 0;  // in the file, of the compressed bytes not read yet
  std::uint64_t left_;
  std::uint32_t checksum_ = 0;
  std::optional<Inflater> inflater_;
  std::string read_;       // compressed bytes
  std::size_t taken_ = 0;  // of them
};

}  // namespace ddpg
