// An object's whole state as named arrays of numbers, and back. Each object has one function that names everything it
// holds,
//     void exchange(Snapshot& snapshot) { snapshot.value("count", count_); snapshot.array("mean", mean_); }
// and the same function serves both ways, so that what is written and what is put back cannot differ. Not here: files
// (run/checkpoints.h).
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "support/safetensors.h"

namespace ddpg {

/// One array: its type, shape and bytes, little-endian.
struct SnapshotPart {
  std::string name;
  Dtype dtype = Dtype::f32;
  TensorShape shape;
  std::string bytes;
};

class Snapshot {
 public:
  /// No std::int64_t in a snapshot is further from 0; restoring throws Error for one that is.
  static constexpr std::int64_t kMostCount = std::int64_t{1} << 53;

  /// To be filled with what an object holds.
  Snapshot() = default;
  /// To put back into an object. `where` (a file) is named in errors.
  Snapshot(std::vector<SnapshotPart> parts, std::string where);

  bool restores() const { return restores_; }
  /// Whether there is such an array to restore from; one that older files lack.
  bool has(std::string_view name) const;

  /// A single number, or many whose count the object knows already. Restoring throws Error naming what is absent, or
  /// has another type or shape.
  template <class Number>
  void value(std::string_view name, Number& number) {
    array(name, std::span(&number, 1), {});
  }
  void value(std::string_view name, bool& flag);
  void value(std::string_view name, int& number);
  template <class Numbers>
  void array(std::string_view name, Numbers& numbers) {
    array(name, std::span<std::remove_reference_t<decltype(*std::data(numbers))>>(numbers),
          {static_cast<std::int64_t>(std::size(numbers))});
  }
  template <class Number>
  void array(std::string_view name, std::span<Number> numbers, TensorShape shape);

  /// Numbers whose count the snapshot decides.
  template <class Number>
  void list(std::string_view name, std::vector<Number>& numbers);
  void text(std::string_view name, std::string& text);

  /// Everything that `exchange` names gets `name` and a dot before it.
  template <class Exchange>
  void inside(std::string_view name, const Exchange& exchange) {
    const std::size_t length = prefix_.size();
    prefix_.append(name).append(".");
    exchange();
    prefix_.resize(length);
  }

  std::vector<SnapshotPart>& parts() { return parts_; }
  const std::vector<SnapshotPart>& parts() const { return parts_; }

 private:
  void put(std::string_view name, Dtype dtype, TensorShape shape, const void* bytes, std::size_t size);
  const SnapshotPart& find(std::string_view name, Dtype dtype) const;
  void take(std::string_view name, Dtype dtype, const TensorShape& shape, void* bytes, std::size_t size) const;
  void check_range(std::string_view name, std::int64_t count, std::int64_t most) const;

  bool restores_ = false;
  std::vector<SnapshotPart> parts_;
  std::map<std::string, std::size_t, std::less<>> places_;  // of the parts, when restoring
  std::string prefix_, where_;
};

}  // namespace ddpg
