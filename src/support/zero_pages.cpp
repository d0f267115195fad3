#include "support/zero_pages.h"

#include <sys/mman.h>

#include <limits>
#include <string>
#include <utility>

#include "ddpg/error.h"

namespace ddpg {

ZeroPages::ZeroPages(std::size_t floats) {
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max() / sizeof(float) / 2;
  void* pages = MAP_FAILED;
  if (floats <= kMost) {
    bytes_ = floats * sizeof(float);
    pages = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  }
  if (pages == MAP_FAILED)
    throw Error("[memory] room for " + std::to_string(floats) + " floats was wanted and is not to be had");
  data_ = static_cast<float*>(pages);
  madvise(pages, bytes_, MADV_HUGEPAGE);  // a wish: where it is refused everything works, slower
}

ZeroPages::~ZeroPages() {
  if (data_) munmap(data_, bytes_);
}

ZeroPages::ZeroPages(ZeroPages&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

}  // namespace ddpg
