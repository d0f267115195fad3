// Large arrays that the system hands out page by page as they are first written: the address space is reserved at once,
// the memory is taken as it is used. Huge pages where the system offers them, so that random access does not miss the
// translation cache each time.
#pragma once

#include <cstddef>
#include <utility>

namespace ddpg {

class ZeroPages {
 public:
  // Room for `floats` floats, all zero. Throws Error when the address space or the memory is not to be had.
  explicit ZeroPages(std::size_t floats);
  ~ZeroPages();
  ZeroPages(ZeroPages&& other) noexcept;
  ZeroPages& operator=(ZeroPages&& other) noexcept {  // they change places
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }

  float* data() { return data_; }
  const float* data() const { return data_; }

 private:
  float* data_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace ddpg
