// Event files read as TensorBoard reads them, apart from the code that writes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "record/event_file.h"

namespace ddpg::testing {

template <class Number>
inline Number from_little_endian(std::string_view bytes) {
  Number number = 0;
  for (std::size_t i = 0; i < sizeof(Number); i++) {
    number |= static_cast<Number>(static_cast<Number>(static_cast<unsigned char>(bytes[i])) << (8 * i));
  }
  return number;
}

// --- reading: takes from the front of `bytes`; nothing where they are too few

inline std::optional<std::uint64_t> take_varint(std::string_view& bytes) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    number |= std::uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return number;
  }
  return {};
}

inline std::optional<std::string_view> take(std::string_view& bytes, std::uint64_t count) {
  if (count > bytes.size()) return {};
  const std::string_view taken = bytes.substr(0, static_cast<std::size_t>(count));
  bytes.remove_prefix(taken.size());
  return taken;
}

inline std::optional<std::string_view> take_frame(std::string_view& file) {
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

inline std::optional<Field> take_field(std::string_view& message) {
  const auto key = take_varint(message);
  if (!key) return {};
  Field field{*key >> 3, 0, {}};
  std::optional<std::string_view> bytes = std::string_view();
  std::optional<std::uint64_t> number = 0;
  switch (*key & 7) {
    case 0:
      number = take_varint(message);
      break;
    case 1:
      bytes = take(message, 8);
      break;
    case 5:
      bytes = take(message, 4);
      break;
    case 2:
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

// Lays the events of a file over `steps`, the steps of the events with scalars so far: a start drops those of its step
// and later. Ends quietly at the first frame that is torn or damaged.
inline void replay_events(std::string_view file, std::vector<std::int64_t>& steps) {
  while (auto message = take_frame(file)) {
    std::int64_t step = 0;
    bool scalars = false, start = false;
    while (const auto field = take_field(*message)) {
      if (field->field == 2) step = static_cast<std::int64_t>(field->number);
      if (field->field == 5) scalars = true;
      if (field->field == 7) start = field->bytes == "\x08\x01";
    }
    if (start) std::erase_if(steps, [step](std::int64_t earlier) { return earlier >= step; });
    if (scalars) steps.push_back(step);
  }
}

}  // namespace ddpg::testing
