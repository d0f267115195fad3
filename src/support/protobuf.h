// The part of Protocol Buffers' wire format that ONNX files and TensorBoard's event files need: numbers, bytes, and
// messages in messages, written front to back (https://protobuf.dev/programming-guides/encoding). Nothing is read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ddpg {

// One message; its fields in the order in which they are added.
class ProtoMessage {
 public:
  void integer(int field, std::int64_t value) {
    key(field, 0);
    varint(static_cast<std::uint64_t>(value));
  }
  void number(int field, float value);     // four bytes
  void number64(int field, double value);  // eight
  void text(int field, std::string_view bytes) {
    key(field, 2);
    varint(bytes.size());
    bytes_ += bytes;
  }
  void message(int field, const ProtoMessage& message) { text(field, message.bytes_); }

  const std::string& bytes() const { return bytes_; }

 private:
  void key(int field, unsigned type) { varint(static_cast<std::uint64_t>(field) << 3 | type); }
  void varint(std::uint64_t value);  // seven bits a byte, the lowest first

  std::string bytes_;
};

}  // namespace ddpg
