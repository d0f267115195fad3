// Zip archives with arrays of NumPy, as the tests make them: right ones, and each wrong in one thing.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "support/bytes.h"

namespace ddpg::testing {

struct SampleMember {
  std::string name, bytes;
  std::uint16_t method = 0, flags = 0;
  bool zip64 = false;            // its numbers stand in an extra field
  std::uint32_t off = 0;         // added to the checksum
  std::uint64_t more_bytes = 0;  // that it says to have
};

inline void put(std::string& to, std::uint64_t value, int size) {
  for (int i = 0; i < size; i++) to += static_cast<char>(value >> 8 * i);
}

inline std::string zip_of(const std::vector<SampleMember>& members, bool zip64_end = false) {
  std::string file, list;
  for (const SampleMember& member : members) {
    const std::uint64_t begin = file.size(), size = member.bytes.size() + member.more_bytes;
    const std::uint32_t checksum = crc32(member.bytes) + member.off;
    const auto shown = [&](std::uint64_t number) { return member.zip64 ? 0xffffffff : number; };
    put(file, 0x04034b50, 4), put(file, 20, 2), put(file, member.flags, 2), put(file, member.method, 2);
    put(file, 0, 4), put(file, checksum, 4), put(file, shown(size), 4), put(file, shown(size), 4);
    put(file, member.name.size(), 2), put(file, 0, 2);
    file += member.name + member.bytes;
    put(list, 0x02014b50, 4), put(list, 20, 2), put(list, 20, 2), put(list, member.flags, 2);
    put(list, member.method, 2), put(list, 0, 4), put(list, checksum, 4), put(list, shown(size), 4);
    put(list, shown(size), 4), put(list, member.name.size(), 2), put(list, member.zip64 ? 28 : 0, 2);
    put(list, 0, 2), put(list, 0, 2), put(list, 0, 2), put(list, 0, 4), put(list, shown(begin), 4);
    list += member.name;
    if (!member.zip64) continue;
    put(list, 1, 2), put(list, 24, 2), put(list, size, 8), put(list, size, 8), put(list, begin, 8);
  }
  const std::uint64_t begin = file.size(), end = begin + list.size();
  file += list;
  if (zip64_end) {
    put(file, 0x06064b50, 4), put(file, 44, 8), put(file, 45, 2), put(file, 45, 2), put(file, 0, 8);
    put(file, members.size(), 8), put(file, members.size(), 8), put(file, list.size(), 8), put(file, begin, 8);
    put(file, 0x07064b50, 4), put(file, 0, 4), put(file, end, 8), put(file, 1, 4);
  }
  put(file, 0x06054b50, 4), put(file, 0, 4);
  for (int i = 0; i < 2; i++) put(file, zip64_end ? 0xffff : members.size(), 2);
  put(file, zip64_end ? 0xffffffff : list.size(), 4), put(file, zip64_end ? 0xffffffff : begin, 4), put(file, 0, 2);
  return file;
}

// `header` such as "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }".
inline std::string npy_with(const std::string& header, const std::string& bytes, int version = 1) {
  std::string file = "\x93NUMPY";
  put(file, static_cast<std::uint64_t>(version), 1), put(file, 0, 1), put(file, header.size(), version == 1 ? 2 : 4);
  return file + header + bytes;
}

inline std::string npy_of(const std::string& shape, const std::vector<double>& values, int version = 1) {
  std::string bytes(values.size() * sizeof(double), '\0');
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return npy_with("{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }\n", bytes, version);
}

}  // namespace ddpg::testing
