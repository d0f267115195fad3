#include "support/protobuf.h"

#include "support/bytes.h"

namespace ddpg {

void ProtoMessage::number(int field, float value) {
  key(field, 5);
  ByteWriter out;
  out.f32(value);
  bytes_ += out.bytes();
}

void ProtoMessage::number64(int field, double value) {
  key(field, 1);
  ByteWriter out;
  out.f64(value);
  bytes_ += out.bytes();
}

void ProtoMessage::varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(0x80 | (value & 0x7F));
  bytes_ += static_cast<char>(value);
}

}  // namespace ddpg
