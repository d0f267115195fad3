#include "record/event_file.h"

#include <array>
#include <bit>
#include <optional>

namespace ddpg {

namespace {

constexpr std::array<std::uint32_t, 256> kCrcTable = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; byte++) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78u : 0u);
    table[byte] = crc;
  }
  return table;
}();

template <class Number>
std::string little_endian(Number number) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof(Number); i++) bytes += static_cast<char>(number >> (8 * i) & 0xFF);
  return bytes;
}

template <class Number>
Number from_little_endian(std::string_view bytes) {
  Number number = 0;
  for (std::size_t i = 0; i < sizeof(Number); i++) {
    number |= static_cast<Number>(static_cast<Number>(static_cast<unsigned char>(bytes[i])) << (8 * i));
  }
  return number;
}

// --- protobuf: what each field begins with, and the four kinds of content

enum WireType : std::uint64_t { varint_type = 0, fixed64_type = 1, bytes_type = 2, fixed32_type = 5 };

std::string varint(std::uint64_t number) {
  std::string bytes;
  for (; number >= 0x80; number >>= 7) bytes += static_cast<char>((number & 0x7F) | 0x80);
  return bytes + static_cast<char>(number);
}
std::string key(std::uint64_t field, WireType type) {
  return varint(field << 3 | type);
}
std::string integer_field(std::uint64_t field, std::int64_t value) {
  return key(field, varint_type) + varint(static_cast<std::uint64_t>(value));
}
std::string double_field(std::uint64_t field, double value) {
  return key(field, fixed64_type) + little_endian(std::bit_cast<std::uint64_t>(value));
}
std::string float_field(std::uint64_t field, float value) {
  return key(field, fixed32_type) + little_endian(std::bit_cast<std::uint32_t>(value));
}
std::string bytes_field(std::uint64_t field, std::string_view value) {
  return key(field, bytes_type) + varint(value.size()) + std::string(value);
}

std::string frame(const std::string& data) {
  const std::string length = little_endian(std::uint64_t{data.size()});
  return length + little_endian(masked_crc(length)) + data + little_endian(masked_crc(data));
}

std::string event(double wall_time, std::int64_t step, const std::string& content) {
  return frame(double_field(1, wall_time) + (step == 0 ? "" : integer_field(2, step)) + content);
}

// --- reading: takes from the front of `bytes`; nothing where they are too few

std::optional<std::uint64_t> take_varint(std::string_view& bytes) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    number |= std::uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return number;
  }
  return {};
}

std::optional<std::string_view> take(std::string_view& bytes, std::uint64_t count) {
  if (count > bytes.size()) return {};
  const std::string_view taken = bytes.substr(0, static_cast<std::size_t>(count));
  bytes.remove_prefix(taken.size());
  return taken;
}

std::optional<std::string_view> take_frame(std::string_view& file) {
  const auto length = take(file, 8), length_crc = take(file, 4);
  if (!length || !length_crc || masked_crc(*length) != from_little_endian<std::uint32_t>(*length_crc)) return {};
  const auto data = take(file, from_little_endian<std::uint64_t>(*length));
  const auto data_crc = take(file, 4);
  if (!data || !data_crc || masked_crc(*data) != from_little_endian<std::uint32_t>(*data_crc)) return {};
  return data;
}

// One field of a message; `number` holds a varint, `bytes` everything else.
struct Field {
  std::uint64_t field = 0, number = 0;
  std::string_view bytes;
};

std::optional<Field> take_field(std::string_view& message) {
  const auto key = take_varint(message);
  if (!key) return {};
  Field field{*key >> 3, 0, {}};
  std::optional<std::string_view> bytes = std::string_view();
  std::optional<std::uint64_t> number = 0;
  switch (*key & 7) {
    case varint_type:
      number = take_varint(message);
      break;
    case fixed64_type:
      bytes = take(message, 8);
      break;
    case fixed32_type:
      bytes = take(message, 4);
      break;
    case bytes_type:
      number = take_varint(message);
      if (number) bytes = take(message, *number);
      break;
    default:
      return {};
  }
  if (!number || !bytes) return {};
  field.number = *number;
  field.bytes = *bytes;
  return field;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char byte : bytes) crc = (crc >> 8) ^ kCrcTable[(crc ^ static_cast<unsigned char>(byte)) & 0xFF];
  return ~crc;
}

std::uint32_t masked_crc(std::string_view bytes) {
  return std::rotr(crc32c(bytes), 15) + 0xA282EAD8u;
}

std::string version_event(double wall_time) {
  return event(wall_time, 0, bytes_field(3, "brain.Event:2"));
}

std::string start_event(double wall_time, std::int64_t step) {
  constexpr std::int64_t kStart = 1;
  return event(wall_time, step, bytes_field(7, integer_field(1, kStart)));
}

std::string scalars_event(double wall_time, std::int64_t step, const std::vector<Scalar>& scalars) {
  std::string summary;
  for (const Scalar& scalar : scalars) {
    summary += bytes_field(1, bytes_field(1, scalar.tag) + float_field(2, scalar.value));
  }
  return event(wall_time, step, bytes_field(5, summary));
}

void replay_events(std::string_view file, std::vector<std::int64_t>& steps) {
  while (auto message = take_frame(file)) {
    std::int64_t step = 0;
    bool scalars = false, start = false;
    while (const auto field = take_field(*message)) {
      if (field->field == 2) step = static_cast<std::int64_t>(field->number);
      if (field->field == 5) scalars = true;
      if (field->field == 7) start = field->bytes == integer_field(1, 1);
    }
    if (start) std::erase_if(steps, [step](std::int64_t earlier) { return earlier >= step; });
    if (scalars) steps.push_back(step);
  }
}

}  // namespace ddpg
