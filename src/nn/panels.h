// Where numbers lie in memory: matrices cut into panels of 16 columns, and views of them. Nothing here computes.
//
// An activation matrix [rows, width] is stored panel by panel; within a panel the 16 features of row 0, then those of
// row 1, ...
//     element (r, c) = data[(c / 16) * stride + r * 16 + c % 16]
// The lanes beyond `width` in the last panel are zero and stay zero. 16 floats are one AVX-512 register, two AVX2
// registers, four NEON registers and one cache line: whichever the machine has, a panel row is read whole, and every
// loop over a panel is the same loop.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <utility>

namespace ddpg {

inline constexpr int kPanel = 16;

constexpr int panels_of(int width) {
  return (width + kPanel - 1) / kPanel;
}
constexpr int padded(int width) {
  return panels_of(width) * kPanel;
}

struct ConstPanels {
  const float* data = nullptr;
  int rows = 0;
  int width = 0;
  std::ptrdiff_t stride = 0;  // floats from one panel to the next

  int panels() const { return panels_of(width); }
  const float* row(int panel, int r) const { return data + panel * stride + static_cast<std::ptrdiff_t>(r) * kPanel; }
  float at(int r, int c) const { return row(c / kPanel, r)[c % kPanel]; }
  ConstPanels block(int begin, int end) const {
    return {data ? row(0, begin) : nullptr, end - begin, width, stride};  // of an empty view: an empty view
  }
};

struct Panels {
  float* data = nullptr;
  int rows = 0;
  int width = 0;
  std::ptrdiff_t stride = 0;

  int panels() const { return panels_of(width); }
  float* row(int panel, int r) const { return data + panel * stride + static_cast<std::ptrdiff_t>(r) * kPanel; }
  float& at(int r, int c) const { return row(c / kPanel, r)[c % kPanel]; }
  Panels block(int begin, int end) const {
    return {data ? row(0, begin) : nullptr, end - begin, width, stride};  // of an empty view: an empty view
  }
  operator ConstPanels() const { return {data, rows, width, stride}; }
};

// Floats on a cache-line boundary, zero at birth.
class AlignedFloats {
 public:
  AlignedFloats() = default;
  explicit AlignedFloats(std::size_t size);
  AlignedFloats(const AlignedFloats& other);
  AlignedFloats(AlignedFloats&& other) noexcept : data_(std::move(other.data_)), size_(std::exchange(other.size_, 0)) {}
  AlignedFloats& operator=(const AlignedFloats& other);  // takes memory only where the size differs
  AlignedFloats& operator=(AlignedFloats&& other) noexcept {
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }

  float* data() { return data_.get(); }
  const float* data() const { return data_.get(); }
  std::size_t size() const { return size_; }
  float& operator[](std::size_t i) { return data_.get()[i]; }
  float operator[](std::size_t i) const { return data_.get()[i]; }
  float* begin() { return data_.get(); }
  float* end() { return data_.get() + size_; }
  const float* begin() const { return data_.get(); }
  const float* end() const { return data_.get() + size_; }

 private:
  struct Free {
    void operator()(float* p) const { std::free(p); }
  };
  std::unique_ptr<float[], Free> data_;
  std::size_t size_ = 0;
};

// A panel matrix that owns its memory.
class PanelMatrix {
 public:
  PanelMatrix() = default;
  PanelMatrix(int rows, int width);

  Panels view() { return {floats_.data(), rows_, width_, stride_}; }
  ConstPanels view() const { return {floats_.data(), rows_, width_, stride_}; }
  Panels view(int rows) { return {floats_.data(), rows, width_, stride_}; }  // its first rows
  ConstPanels view(int rows) const { return {floats_.data(), rows, width_, stride_}; }

 private:
  int rows_ = 0, width_ = 0;
  std::ptrdiff_t stride_ = 0;
  AlignedFloats floats_;
};

}  // namespace ddpg
