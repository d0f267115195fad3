// Bounded reading: see cursor.h.
#include "deploy/cursor.h"

#include <cinttypes>
#include <climits>
#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace ddpg::deploy {
namespace {

constexpr std::uint64_t kNan = 0x7FF8000000000000;  // the one NaN that a file holds

struct CrcTable {
  constexpr CrcTable() noexcept {
    for (std::uint32_t byte = 0; byte < 256; byte++) {
      std::uint32_t remainder = byte;
      for (int bit = 0; bit < 8; bit++) remainder = (remainder >> 1) ^ ((remainder & 1) ? 0xEDB88320u : 0u);
      entries[byte] = remainder;
    }
  }
  std::uint32_t entries[256] = {};
};
constexpr CrcTable kCrcTable;

}  // namespace

void Failure::set(Code given_code, const char* given_section, const char* format, ...) noexcept {
  if (code != Code::ok) return;
  code = given_code;
  std::snprintf(section, sizeof section, "%s", given_section);
  std::va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
}

Printable::Printable(std::string_view bytes) noexcept {
  constexpr std::size_t kMost = 40;
  char* to = text;
  *to++ = '"';
  for (char c : bytes.substr(0, kMost)) {
    const bool plain = c >= ' ' && c <= '~' && c != '"' && c != '\\';
    if (plain)
      *to++ = c;
    else
      to += std::snprintf(to, 5, "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
  std::snprintf(to, 5, "%s", bytes.size() > kMost ? "...\"" : "\"");
}

std::uint32_t crc32(std::string_view bytes) noexcept {
  std::uint32_t crc = 0xFFFFFFFFu;
  for (char c : bytes) crc = (crc >> 8) ^ kCrcTable.entries[(crc ^ static_cast<unsigned char>(c)) & 0xFF];
  return ~crc;
}

// Division instead of a product: count * item_size may exceed 64 bits in a hostile file.
bool Cursor::need(std::uint64_t count, std::uint64_t item_size, const char* what) noexcept {
  if (ok() && count <= rest_.size() / item_size) return true;
  failure_.set(Code::damaged, section_,
               "ends too early: expected %" PRIu64 " x %" PRIu64 " bytes for %s, found %" PRIu64
               "; the file is damaged",
               count, item_size, what, static_cast<std::uint64_t>(rest_.size()));
  return false;
}

std::string_view Cursor::raw(std::uint64_t size, const char* what) noexcept {
  if (!need(size, 1, what)) return {};
  const std::string_view taken(rest_.data(), static_cast<std::size_t>(size));
  rest_.remove_prefix(taken.size());
  return taken;
}

std::uint64_t Cursor::little_endian(int size, const char* what) noexcept {
  const std::string_view bytes = raw(static_cast<std::uint64_t>(size), what);
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

double Cursor::f64(const char* what) noexcept {
  return std::bit_cast<double>(u64(what));
}

double Cursor::record(const char* what) noexcept {
  const double value = f64(what);
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(value);
  if (value != value && bits != kNan)
    failure_.set(Code::invalid, section_, "%s: expected NaN as %016" PRIx64 ", found %016" PRIx64, what, kNan, bits);
  return value;
}

bool Cursor::flag(const char* what) noexcept {
  const unsigned value = u8(what);
  if (value > 1) failure_.set(Code::invalid, section_, "%s: expected 0 or 1, found %u", what, value);
  return value == 1;
}

int Cursor::size(const char* what) noexcept {
  const std::uint32_t value = u32(what);
  if (value <= static_cast<std::uint32_t>(INT_MAX)) return static_cast<int>(value);
  failure_.set(Code::invalid, section_, "%s: expected at most %d, found %" PRIu32, what, INT_MAX, value);
  return 0;
}

std::string_view Cursor::text(const char* what) noexcept {
  return raw(u64(what), what);
}

std::uint64_t Cursor::count(std::uint64_t item_size, const char* what) noexcept {
  const std::uint64_t value = u64(what);
  return need(value, item_size, what) ? value : 0;
}

Floats Cursor::floats(std::uint64_t count, const char* what) noexcept {
  if (!need(count, sizeof(float), what)) return {};
  return {raw(count * sizeof(float), what).data(), false};
}

Doubles Cursor::doubles(std::uint64_t count, const char* what) noexcept {
  if (!need(count, sizeof(double), what)) return {};
  return {raw(count * sizeof(double), what).data(), false};
}

void Cursor::expect_end() noexcept {
  if (ok() && !rest_.empty())
    failure_.set(Code::damaged, section_,
                 "trailing bytes: expected the end, found %" PRIu64 " bytes more; the file is damaged",
                 static_cast<std::uint64_t>(rest_.size()));
}

}  // namespace ddpg::deploy
