// The bytes of binary files: see bytes.h.
#include "support/bytes.h"

#include <fmt/core.h>

#include <array>
#include <bit>
#include <limits>

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

// Division instead of a product: count * item_size may exceed 64 bits in a hostile file.
void ByteReader::need(std::uint64_t count, std::uint64_t item_size, std::string_view what) const {
  if (count <= rest_.size() / item_size) return;
  fail(fmt::format("ends too early: expected {} x {} bytes for {}, found {}; the file is damaged", count, item_size,
                   what, rest_.size()));
}

std::uint64_t ByteReader::little_endian(int size, std::string_view what) {
  const std::string_view bytes = raw(static_cast<std::uint64_t>(size), what);
  std::uint64_t value = 0;
  for (int i = 0; i < size; i++) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)])) << (8 * i);
  }
  return value;
}

float ByteReader::f32(std::string_view what) {
  return std::bit_cast<float>(u32(what));
}

double ByteReader::f64(std::string_view what) {
  return std::bit_cast<double>(u64(what));
}

std::string_view ByteReader::raw(std::uint64_t size, std::string_view what) {
  need(size, 1, what);
  const std::string_view taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

std::string_view ByteReader::text(std::string_view what) {
  return raw(u64(what), what);
}

std::vector<float> ByteReader::floats(std::uint64_t count, std::string_view what) {
  need(count, sizeof(float), what);
  std::vector<float> values(count);
  for (float& value : values) value = f32(what);
  return values;
}

std::vector<double> ByteReader::doubles(std::uint64_t count, std::string_view what) {
  need(count, sizeof(double), what);
  std::vector<double> values(count);
  for (double& value : values) value = f64(what);
  return values;
}

bool ByteReader::flag(std::string_view what) {
  const std::uint8_t value = u8(what);
  if (value > 1) fail(fmt::format("{}: expected 0 or 1, found {}", what, value));
  return value == 1;
}

int ByteReader::size(std::string_view what) {
  const std::uint32_t value = u32(what);
  constexpr int kMost = std::numeric_limits<int>::max();
  if (value > static_cast<std::uint32_t>(kMost)) {
    fail(fmt::format("{}: expected at most {}, found {}", what, kMost, value));
  }
  return static_cast<int>(value);
}

std::uint64_t ByteReader::count(std::uint64_t item_size, std::string_view what) {
  const std::uint64_t value = u64(what);
  need(value, item_size, what);
  return value;
}

void ByteReader::expect_end() const {
  if (!rest_.empty()) {
    fail(fmt::format("trailing bytes: expected the end, found {} bytes more; the file is damaged", rest_.size()));
  }
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
