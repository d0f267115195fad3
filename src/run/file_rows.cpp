#include "run/file_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "ddpg/error.h"

namespace ddpg {
namespace {

constexpr std::int64_t kPiece = 1 << 18;  // floats copied at a time, 1 MB

}  // namespace

void add_rows(CheckpointFileWriter& file, const Replay& replay, const ReplayRange& range, const std::string& prefix) {
  for (const ReplayColumn& column : replay.columns()) {
    const TensorShape shape{replay.rows(column, range), column.width};
    file.add(prefix + column.name, column.dtype, shape, [&replay, column, range](const auto& sink) {
      const std::int64_t at_once = std::max<std::int64_t>(1, kPiece / column.width);
      std::vector<float> floats;
      for (std::int64_t begin = range.begin; begin < range.end; begin += at_once) {
        const ReplayRange piece{begin, std::min(begin + at_once, range.end)};
        floats.resize(static_cast<std::size_t>(replay.rows(column, piece) * column.width));
        replay.copy_out(column, piece, floats.data());
        sink({reinterpret_cast<const char*>(floats.data()), floats.size() * sizeof(float)});
      }
    });
  }
}

void take_rows(const CheckpointFile& file, Replay& replay, const ReplayRange& range, const std::string& prefix) {
  for (const ReplayColumn& column : replay.columns()) {
    const SnapshotPart& part = file.part(prefix + column.name);
    const std::int64_t rows = replay.rows(column, range);
    if (part.dtype != column.dtype || part.shape != TensorShape{rows, column.width})
      throw Error(fmt::format("[{}] {}: expected {} rows of {} numbers ({}), found another shape", file.where,
                              part.name, rows, column.width, name_of(column.dtype)));
    replay.copy_in(column, range, reinterpret_cast<const float*>(part.bytes.data()));
  }
}

}  // namespace ddpg
