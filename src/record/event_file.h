// The bytes of TensorBoard's event files: TFRecord frames with their checksums, and in each one protobuf message Event.
// Only the few fields that a training needs. Not here: which events a training makes (tensorboard.h).
//   frame:       length (8 bytes), masked CRC32C of the length (4), data, masked CRC32C of the data (4); little-endian
//   Event:       1 wall_time (double), 2 step (int64), 3 file_version (text), 5 summary, 7 session_log
//   Summary:     1 value (repeated: 1 tag (text), 2 simple_value (float))
//   SessionLog:  1 status (START = 1)
// Source: the messages event.proto and summary.proto, and the record reader, of TensorFlow.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ddpg {

std::uint32_t crc32c(std::string_view bytes);      // Castagnoli's polynomial
std::uint32_t masked_crc(std::string_view bytes);  // as the frames hold it

struct Scalar {
  std::string_view tag;
  float value;
};

// One event each, framed. `wall_time` in seconds since 1970.
std::string version_event(double wall_time);
// A training begins at `step`: readers drop what they have seen of this step and later ones, but not at the first time.
std::string start_event(double wall_time, std::int64_t step);
std::string scalars_event(double wall_time, std::int64_t step, const std::vector<Scalar>& scalars);

}  // namespace ddpg
