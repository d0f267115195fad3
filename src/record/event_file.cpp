#include "record/event_file.h"

#include <array>
#include <bit>

#include "support/bytes.h"
#include "support/protobuf.h"

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

std::string frame(const std::string& data) {
  ByteWriter length, whole;
  length.u64(data.size());
  whole.raw(length.bytes());
  whole.u32(masked_crc(length.bytes()));
  whole.raw(data);
  whole.u32(masked_crc(data));
  return whole.bytes();
}

ProtoMessage event(double wall_time, std::int64_t step) {
  ProtoMessage event;
  event.number64(1, wall_time);
  if (step != 0) event.integer(2, step);
  return event;
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
  ProtoMessage message = event(wall_time, 0);
  message.text(3, "brain.Event:2");
  return frame(message.bytes());
}

std::string start_event(double wall_time, std::int64_t step) {
  constexpr std::int64_t kStart = 1;
  ProtoMessage message = event(wall_time, step), session;
  session.integer(1, kStart);
  message.message(7, session);
  return frame(message.bytes());
}

std::string scalars_event(double wall_time, std::int64_t step, const std::vector<Scalar>& scalars) {
  ProtoMessage message = event(wall_time, step), summary;
  for (const Scalar& scalar : scalars) {
    ProtoMessage value;
    value.text(1, scalar.tag);
    value.number(2, scalar.value);
    summary.message(1, value);
  }
  message.message(5, summary);
  return frame(message.bytes());
}

}  // namespace ddpg
