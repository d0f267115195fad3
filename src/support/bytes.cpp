// The bytes of binary files: see bytes.h.
#include "support/bytes.h"

#include <fmt/core.h>

#include <array>
#include <bit>

#include "ddpg/error.h"

namespace ddpg {
namespace {

// Table k takes a byte that k further bytes follow, so that eight bytes are taken at once.
using CrcTables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr CrcTables crc_tables() {
  CrcTables tables{};
  for (std::uint32_t byte = 0; byte < 256; byte++) {
    std::uint32_t remainder = byte;
    for (int bit = 0; bit < 8; bit++) remainder = (remainder >> 1) ^ ((remainder & 1) ? 0xEDB88320u : 0u);
    tables[0][byte] = remainder;
  }
  for (std::size_t k = 1; k < tables.size(); k++)
    for (std::size_t byte = 0; byte < 256; byte++)
      tables[k][byte] = (tables[k - 1][byte] >> 8) ^ tables[0][tables[k - 1][byte] & 0xFF];
  return tables;
}

constexpr CrcTables kCrcTables = crc_tables();

}  // namespace

std::uint32_t crc32(std::string_view bytes, std::uint32_t before) {
  std::uint32_t crc = ~before;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    std::uint32_t next = 0;
    for (std::size_t k = 0; k < 4; k++) next ^= kCrcTables[7 - k][(crc >> (8 * k) & 0xFF) ^ byte(at + k)];
    for (std::size_t k = 4; k < 8; k++) next ^= kCrcTables[7 - k][byte(at + k)];
    crc = next;
  }
  for (; at < bytes.size(); at++) crc = (crc >> 8) ^ kCrcTables[0][(crc ^ byte(at)) & 0xFF];
  return ~crc;
}

void ByteWriter::little_endian(std::uint64_t value, int size) {
  for (int i = 0; i < size; i++) bytes_ += static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
}

void ByteWriter::f32(float value) {
  u32(std::bit_cast<std::uint32_t>(value));
}

void ByteWriter::f64(double value) {
  u64(std::bit_cast<std::uint64_t>(value));
}

void ByteWriter::text(std::string_view text) {
  u64(text.size());
  raw(text);
}

void ByteWriter::floats(const std::vector<float>& values) {
  for (float value : values) f32(value);
}

void ByteWriter::doubles(const std::vector<double>& values) {
  for (double value : values) f64(value);
}

void ByteReader::fail(std::string_view message) const {
  throw Error(fmt::format("[{}] {}", where_, message));
}

std::uint64_t ByteReader::little_endian(int size, std::string_view what) {
  const std::string_view bytes = raw(static_cast<std::uint64_t>(size), what);
  std::uint64_t value = 0;
  for (int i = 0; i < size; i++) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)])) << (8 * i);
  }
  return value;
}

std::string_view ByteReader::raw(std::uint64_t size, std::string_view what) {
  if (size > rest_.size()) {
    fail(fmt::format("ends too early: expected {} bytes for {}, found {}; the file is damaged", size, what,
                     rest_.size()));
  }
  const std::string_view taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

std::string printable(std::string_view bytes) {
  constexpr std::size_t kMost = 40;
  std::string text = "\"";
  for (char c : bytes.substr(0, kMost)) {
    const bool plain = c >= ' ' && c <= '~' && c != '"' && c != '\\';
    text += plain ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  return text + (bytes.size() > kMost ? "...\"" : "\"");
}

}  // namespace ddpg
