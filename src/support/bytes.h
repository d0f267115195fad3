// Numbers and strings as bytes, little-endian whatever the machine: what a binary file is written and read with.
// Reading checks every length against the bytes that are left before it takes memory or moves on. Not here: what the
// bytes mean, and files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ddpg {

/// CRC-32 as in zlib, PNG and Ethernet: polynomial 0x04C11DB7, reflected, all bits inverted before and after. `before`
/// is the checksum of the bytes that came before these; 0: none.
std::uint32_t crc32(std::string_view bytes, std::uint32_t before = 0);

/// Appends values to a string of bytes.
class ByteWriter {
 public:
  void u8(std::uint8_t value) { little_endian(value, 1); }
  void u32(std::uint32_t value) { little_endian(value, 4); }
  void u64(std::uint64_t value) { little_endian(value, 8); }
  void f32(float value);                                 // IEEE bits
  void f64(double value);                                // IEEE bits
  void raw(std::string_view bytes) { bytes_ += bytes; }  // as they are
  void text(std::string_view text);                      // u64 length, bytes
  void floats(const std::vector<float>& values);         // without a length
  void doubles(const std::vector<double>& values);       // without a length

  const std::string& bytes() const { return bytes_; }

 private:
  void little_endian(std::uint64_t value, int size);

  std::string bytes_;
};

/// Takes values off the front of `bytes`, which it does not own. Each function throws Error "[where] ..." naming `what`
/// when the bytes that are left do not suffice.
class ByteReader {
 public:
  ByteReader(std::string_view bytes, std::string where) : rest_(bytes), where_(std::move(where)) {}

  std::uint8_t u8(std::string_view what) { return static_cast<std::uint8_t>(little_endian(1, what)); }
  std::uint32_t u32(std::string_view what) { return static_cast<std::uint32_t>(little_endian(4, what)); }
  std::uint64_t u64(std::string_view what) { return little_endian(8, what); }
  std::string_view raw(std::uint64_t size, std::string_view what);
  std::string_view rest() const { return rest_; }
  [[noreturn]] void fail(std::string_view message) const;  ///< throws Error "[where] message"

 private:
  std::uint64_t little_endian(int size, std::string_view what);

  std::string_view rest_;
  std::string where_;
};

/// `bytes` in quotation marks, safe to print: what is not printable ASCII as \xNN, cut after 40 bytes.
std::string printable(std::string_view bytes);

}  // namespace ddpg
