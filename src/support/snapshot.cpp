// How numbers become bytes of a snapshot: see snapshot.h.
#include "support/snapshot.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <bit>
#include <cstring>
#include <limits>
#include <utility>

#include "ddpg/error.h"

namespace ddpg {

static_assert(std::endian::native == std::endian::little, "the bytes of a snapshot are taken as they lie in memory");

Snapshot::Snapshot(std::vector<SnapshotPart> parts, std::string where)
    : restores_(true), parts_(std::move(parts)), where_(std::move(where)) {
  for (std::size_t i = 0; i < parts_.size(); i++) places_.emplace(parts_[i].name, i);
}

void Snapshot::put(std::string_view name, Dtype dtype, TensorShape shape, const void* bytes, std::size_t size) {
  parts_.push_back({fmt::format("{}{}", prefix_, name), dtype, std::move(shape),
                    std::string(static_cast<const char*>(bytes), size)});
}

const SnapshotPart& Snapshot::find(std::string_view name, Dtype dtype) const {
  const std::string full = fmt::format("{}{}", prefix_, name);
  const auto found = places_.find(full);
  if (found == places_.end()) throw Error(fmt::format("[{}] expected a tensor {}, found none", where_, full));
  const SnapshotPart& part = parts_[found->second];
  if (part.dtype != dtype) {
    throw Error(fmt::format("[{}] {}: expected numbers of type {}, found {}", where_, full, name_of(dtype),
                            name_of(part.dtype)));
  }
  return part;
}

bool Snapshot::has(std::string_view name) const {
  return places_.contains(fmt::format("{}{}", prefix_, name));
}

void Snapshot::take(std::string_view name, Dtype dtype, const TensorShape& shape, void* bytes, std::size_t size) const {
  const SnapshotPart& part = find(name, dtype);
  if (part.shape != shape || part.bytes.size() != size) {
    throw Error(fmt::format("[{}] {}: expected shape [{}], found [{}]", where_, part.name, fmt::join(shape, ", "),
                            fmt::join(part.shape, ", ")));
  }
  if (size > 0) std::memcpy(bytes, part.bytes.data(), size);
}

template <class Number>
void Snapshot::array(std::string_view name, std::span<Number> numbers, TensorShape shape) {
  if (!restores_) return put(name, dtype_of<Number>(), std::move(shape), numbers.data(), numbers.size_bytes());
  take(name, dtype_of<Number>(), shape, numbers.data(), numbers.size_bytes());
  if constexpr (std::is_same_v<Number, std::int64_t>)
    for (const std::int64_t count : numbers) check_range(name, count, kMostCount);
}

// A count that a file says is added to and multiplied later.
void Snapshot::check_range(std::string_view name, std::int64_t count, std::int64_t most) const {
  if (count >= -most && count <= most) return;
  throw Error(fmt::format("[{}] {}{}: {} is out of range; the file is damaged", where_, prefix_, name, count));
}

template <class Number>
void Snapshot::list(std::string_view name, std::vector<Number>& numbers) {
  if (restores_) {
    const SnapshotPart& part = find(name, dtype_of<Number>());
    numbers.resize(part.bytes.size() / sizeof(Number));
  }
  array(name, std::span(numbers), {static_cast<std::int64_t>(numbers.size())});
}

void Snapshot::value(std::string_view name, bool& flag) {
  std::uint8_t byte = flag ? 1 : 0;
  value(name, byte);
  flag = byte != 0;
}

void Snapshot::value(std::string_view name, int& number) {
  std::int64_t wide = number;
  value(name, wide);
  if (restores_) check_range(name, wide, std::numeric_limits<int>::max());
  number = static_cast<int>(wide);
}

void Snapshot::text(std::string_view name, std::string& text) {
  std::vector<std::uint8_t> bytes(text.begin(), text.end());
  list(name, bytes);
  text.assign(bytes.begin(), bytes.end());
}

template void Snapshot::array(std::string_view, std::span<float>, TensorShape);
template void Snapshot::array(std::string_view, std::span<double>, TensorShape);
template void Snapshot::array(std::string_view, std::span<std::int64_t>, TensorShape);
template void Snapshot::array(std::string_view, std::span<std::uint64_t>, TensorShape);
template void Snapshot::array(std::string_view, std::span<std::uint32_t>, TensorShape);
template void Snapshot::array(std::string_view, std::span<std::uint8_t>, TensorShape);
template void Snapshot::list(std::string_view, std::vector<float>&);
template void Snapshot::list(std::string_view, std::vector<double>&);
template void Snapshot::list(std::string_view, std::vector<std::int64_t>&);
template void Snapshot::list(std::string_view, std::vector<std::uint64_t>&);
template void Snapshot::list(std::string_view, std::vector<std::uint8_t>&);

}  // namespace ddpg
