// Aligned memory for panels.
#include "nn/panels.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>

#include "ddpg/error.h"

namespace ddpg {

AlignedFloats::AlignedFloats(std::size_t size) : size_(size) {
  if (size == 0) return;
  constexpr std::size_t kLine = 64, kMost = std::numeric_limits<std::ptrdiff_t>::max() / sizeof(float) / kLine * kLine;
  const std::size_t bytes = (std::min(size, kMost) * sizeof(float) + kLine - 1) / kLine * kLine;
  if (size <= kMost) data_.reset(static_cast<float*>(std::aligned_alloc(kLine, bytes)));
  if (!data_) {
    throw Error("[memory] could not take " + std::to_string(bytes) + " bytes for " + std::to_string(size) +
                " numbers; choose smaller networks or batches");
  }
  std::memset(data_.get(), 0, bytes);
}

AlignedFloats::AlignedFloats(const AlignedFloats& other) : AlignedFloats(other.size_) {
  std::copy(other.begin(), other.end(), begin());
}

AlignedFloats& AlignedFloats::operator=(const AlignedFloats& other) {
  if (size_ != other.size_) return *this = AlignedFloats(other);
  std::copy(other.begin(), other.end(), begin());
  return *this;
}

namespace {

// Rows from one panel to the next. A row of a panel is a cache line. Lines that lie a multiple of 64 KiB apart (1,024
// lines) compete for the same few places of a second-level cache, those of 4 KiB for one of the first level; so the
// panels that a product reads together must not lie near such a distance from each other, and a few unused rows keep
// them apart.
std::ptrdiff_t rows_apart(int rows) {
  constexpr std::ptrdiff_t kLines = 1024, kNear = 48;
  const auto apart = [](std::ptrdiff_t distance) {
    for (int panels = 1; panels <= 4; panels++) {
      const std::ptrdiff_t beyond = panels * distance % kLines;
      if (std::min(beyond, kLines - beyond) < kNear) return false;
    }
    return true;
  };
  std::ptrdiff_t distance = static_cast<std::ptrdiff_t>((rows + 7) / 8 | 1) * 8;  // odd: spreads over the first level
  while (distance > kNear && !apart(distance)) distance += 16;
  return distance;
}

}  // namespace

PanelMatrix::PanelMatrix(int rows, int width)
    : rows_(rows),
      width_(width),
      stride_(rows_apart(rows) * kPanel),
      floats_(static_cast<std::size_t>(stride_) * panels_of(width)) {}

}  // namespace ddpg
