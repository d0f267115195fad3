// The file format safetensors: named arrays of numbers and a few strings, which PyTorch, JAX, NumPy and others read
// too. A file is
//     u64  length of the header
//     JSON header {"__metadata__": {key: text}, name: {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ...},
//          padded with spaces to a multiple of 8 bytes
//     the arrays, little-endian, row by row, back to back in the order of their offsets
// as described at https://huggingface.co/docs/safetensors. Not here: files (files.h), and what the arrays mean.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ddpg {

enum class Dtype { f32, f64, u8, u32, i64, u64 };

std::size_t size_of(Dtype dtype);       ///< bytes of one element
std::string_view name_of(Dtype dtype);  ///< "F32", ...
template <class Number>
constexpr Dtype dtype_of() = delete;
template <>
constexpr Dtype dtype_of<float>() {
  return Dtype::f32;
}
template <>
constexpr Dtype dtype_of<double>() {
  return Dtype::f64;
}
template <>
constexpr Dtype dtype_of<std::uint8_t>() {
  return Dtype::u8;
}
template <>
constexpr Dtype dtype_of<std::uint32_t>() {
  return Dtype::u32;
}
template <>
constexpr Dtype dtype_of<std::int64_t>() {
  return Dtype::i64;
}
template <>
constexpr Dtype dtype_of<std::uint64_t>() {
  return Dtype::u64;
}

using TensorShape = std::vector<std::int64_t>;

/// Collects the description of a file, then writes it front to back: the arrays are asked for one by one, in the order
/// in which they lie in the file, so that none need be copied and a source may make its bytes as it goes.
class SafetensorsWriter {
 public:
  using Sink = std::function<void(std::string_view bytes)>;
  using Source = std::function<void(const Sink& sink)>;  ///< gives all bytes of the array, in pieces of any size

  void metadata(std::string key, std::string text);
  /// Throws UsageError where the name is taken or no name. `source` is called by each write().
  void add(std::string name, Dtype dtype, TensorShape shape, Source source);
  /// The same, of memory that must stay as it is until the file is written. Throws UsageError where its size is another
  /// than the shape's.
  void add_bytes(std::string name, Dtype dtype, TensorShape shape, std::string_view bytes);
  template <class Number>
  void add(std::string name, TensorShape shape, std::span<const Number> values) {
    static_assert(std::endian::native == std::endian::little);
    add_bytes(std::move(name), dtype_of<Number>(), std::move(shape),
              {reinterpret_cast<const char*>(values.data()), values.size_bytes()});
  }

  template <class Number>
  void add(std::string name, TensorShape shape, std::vector<Number>&& values) = delete;  // would be gone before write()

  /// Throws Error where a source gave more or fewer bytes than its shape says, or a text is not UTF-8.
  void write(const Sink& sink) const;
  std::string bytes() const;   ///< the whole file
  std::uint64_t size() const;  ///< its length in bytes

 private:
  struct Array {
    std::string name;
    Dtype dtype;
    TensorShape shape;
    std::uint64_t size;
    Source source;
  };
  std::vector<const Array*> in_order() const;
  std::string header() const;

  std::map<std::string, std::string> metadata_;
  std::vector<Array> arrays_;
  std::set<std::string> names_;
};

/// One array of a file that was read; it does not own its bytes, which may begin at any address.
struct TensorView {
  std::string name;
  Dtype dtype = Dtype::f32;
  TensorShape shape;
  std::string_view bytes;

  std::uint64_t elements() const { return bytes.size() / size_of(dtype); }
};

struct SafetensorsView {
  std::string where;                // names the file in errors
  std::vector<TensorView> tensors;  // in the order of their bytes
  std::map<std::string, std::string> metadata;

  /// Throws Error where there is no array of that name, type and shape.
  const TensorView& find(std::string_view name, Dtype dtype, const TensorShape& shape) const;
  const TensorView& find(std::string_view name, Dtype dtype) const;  ///< of any shape
  /// Its elements. Throws Error likewise.
  template <class Number>
  std::vector<Number> values(std::string_view name, const TensorShape& shape) const {
    return copied<Number>(find(name, dtype_of<Number>(), shape));
  }
  template <class Number>
  std::vector<Number> values(std::string_view name) const {
    return copied<Number>(find(name, dtype_of<Number>()));
  }

 private:
  template <class Number>
  static std::vector<Number> copied(const TensorView& tensor) {
    static_assert(std::endian::native == std::endian::little);
    std::vector<Number> values(tensor.elements());
    if (!values.empty()) std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
    return values;
  }
};

/// The arrays in `bytes`, which must outlive the result and are untrusted: throws Error "[where] ..."
/// when they are truncated, inconsistent, of a type that is not one of Dtype, overlap, or leave bytes unused. Takes
/// memory in proportion to the header, which may have 32,000,000 bytes at most.
SafetensorsView read_safetensors(std::string_view bytes, std::string where);

}  // namespace ddpg
