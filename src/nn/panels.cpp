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

// Panels lie an odd number of 8-row blocks apart: at a power of two, all panels of a row would compete for the same few
// cache sets.
PanelMatrix::PanelMatrix(int rows, int width)
    : rows_(rows),
      width_(width),
      stride_(static_cast<std::ptrdiff_t>((rows + 7) / 8 | 1) * 8 * kPanel),
      floats_(static_cast<std::size_t>(stride_) * panels_of(width)) {}

}  // namespace ddpg
