// Takes values off the front of bytes that nobody trusts. Every length is compared with what is left before it is used.
// The first failure stays, and from then on every value is 0 or empty: callers look at ok() before they use a size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ddpg_policy/policy.h"
#include "deploy/view.h"

namespace ddpg::deploy {

// The first thing that was wrong: "[file, section TAG] text", without what stands in the brackets.
struct Failure {
  Code code = Code::ok;
  char section[5] = "";
  char text[400] = "";

  [[gnu::format(printf, 4, 5)]] void set(Code code, const char* section, const char* format, ...) noexcept;
};

// Bytes in quotation marks, safe to print: what is not printable ASCII as \xNN, cut after 40 bytes.
struct Printable {
  explicit Printable(std::string_view bytes) noexcept;
  char text[40 * 4 + 6];
};

// CRC-32 as in zlib.
std::uint32_t crc32(std::string_view bytes) noexcept;

class Cursor {
 public:
  Cursor(std::string_view bytes, const char* section, Failure& failure) noexcept
      : rest_(bytes), section_(section), failure_(failure) {}

  bool ok() const noexcept { return failure_.code == Code::ok; }
  std::string_view rest() const noexcept { return rest_; }
  const char* section() const noexcept { return section_; }
  Failure& failure() noexcept { return failure_; }

  std::uint8_t u8(const char* what) noexcept { return static_cast<std::uint8_t>(little_endian(1, what)); }
  std::uint32_t u32(const char* what) noexcept { return static_cast<std::uint32_t>(little_endian(4, what)); }
  std::uint64_t u64(const char* what) noexcept { return little_endian(8, what); }
  double f64(const char* what) noexcept;
  double record(const char* what) noexcept;  // any value, but a single NaN
  bool flag(const char* what) noexcept;      // a byte that must be 0 or 1
  int size(const char* what) noexcept;       // a u32 that must fit an int
  std::string_view raw(std::uint64_t size, const char* what) noexcept;
  std::string_view text(const char* what) noexcept;  // u64 length, bytes
  // A u64 number of items of at least `item_size` bytes each, all of which must fit into what is left.
  std::uint64_t count(std::uint64_t item_size, const char* what) noexcept;
  Floats floats(std::uint64_t count, const char* what) noexcept;
  Doubles doubles(std::uint64_t count, const char* what) noexcept;
  void expect_end() noexcept;

 private:
  bool need(std::uint64_t count, std::uint64_t item_size, const char* what) noexcept;
  std::uint64_t little_endian(int size, const char* what) noexcept;

  std::string_view rest_;
  const char* section_;
  Failure& failure_;
};

}  // namespace ddpg::deploy
