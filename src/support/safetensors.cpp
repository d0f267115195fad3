// The writer of safetensors, and what both sides know: see safetensors.h. The reader: safetensors_reader.cpp.
#include "support/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "ddpg/error.h"
#include "support/bytes.h"
#include "support/json.h"

namespace ddpg {
namespace {

constexpr std::uint64_t kAlignment = 8;

std::uint64_t bytes_of(const std::string& name, Dtype dtype, const TensorShape& shape) {
  std::uint64_t size = size_of(dtype);
  for (std::int64_t length : shape) {
    if (length < 0 ||
        (length > 0 && size > std::numeric_limits<std::int64_t>::max() / static_cast<std::uint64_t>(length))) {
      throw UsageError(fmt::format("[safetensors] {}: the shape [{}] cannot be", name, fmt::join(shape, ", ")));
    }
    size *= static_cast<std::uint64_t>(length);
  }
  return size;
}

}  // namespace

std::size_t size_of(Dtype dtype) {
  switch (dtype) {
    case Dtype::u8:
      return 1;
    case Dtype::f32:
    case Dtype::u32:
      return 4;
    case Dtype::f64:
    case Dtype::i64:
    case Dtype::u64:
      return 8;
  }
  return 8;
}

std::string_view name_of(Dtype dtype) {
  constexpr std::string_view kNames[] = {"F32", "F64", "U8", "U32", "I64", "U64"};
  return kNames[static_cast<std::size_t>(dtype)];
}

void SafetensorsWriter::metadata(std::string key, std::string text) {
  metadata_[std::move(key)] = std::move(text);
}

void SafetensorsWriter::add(std::string name, Dtype dtype, TensorShape shape, Source source) {
  if (name == "__metadata__" || !names_.insert(name).second) {
    throw UsageError(fmt::format("[safetensors] {}: expected a name that is free, found it taken", name));
  }
  const std::uint64_t size = bytes_of(name, dtype, shape);
  arrays_.push_back({std::move(name), dtype, std::move(shape), size, std::move(source)});
}

void SafetensorsWriter::add_bytes(std::string name, Dtype dtype, TensorShape shape, std::string_view bytes) {
  const std::uint64_t expected = bytes_of(name, dtype, shape);
  if (bytes.size() != expected) {
    throw UsageError(fmt::format("[safetensors] {}: expected {} bytes for the shape [{}], found {}", name, expected,
                                 fmt::join(shape, ", "), bytes.size()));
  }
  add(std::move(name), dtype, std::move(shape), [bytes](const Sink& sink) { sink(bytes); });
}

// The widest elements first, so that every array begins at a multiple of its elements' size.
std::vector<const SafetensorsWriter::Array*> SafetensorsWriter::in_order() const {
  std::vector<const Array*> order;
  for (const Array& array : arrays_) order.push_back(&array);
  std::stable_sort(order.begin(), order.end(),
                   [](const Array* a, const Array* b) { return size_of(a->dtype) > size_of(b->dtype); });
  return order;
}

std::string SafetensorsWriter::header() const {
  std::string text = "{";  // not one Json: to find a member in one, all before it are looked at
  const auto add = [&text](const std::string& key, const Json& value) {
    text += text.size() == 1 ? "" : ",";
    text += Json(key).dump_or_refuse() + ":" + value.dump_or_refuse();
  };
  std::uint64_t offset = 0;
  try {
    Json metadata = Json::object();
    for (const auto& [key, value] : metadata_) metadata[key] = value;
    if (!metadata_.empty()) add("__metadata__", metadata);
    for (const Array* array : in_order()) {
      add(array->name, {{"dtype", name_of(array->dtype)},
                        {"shape", array->shape},
                        {"data_offsets", std::vector<std::uint64_t>{offset, offset + array->size}}});
      offset += array->size;
    }
    text += "}";
  } catch (const Error& error) {
    throw Error(fmt::format("[safetensors] a name or a text of the metadata is not UTF-8: {}", error.what()));
  }
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  return text;
}

void SafetensorsWriter::write(const Sink& sink) const {
  ByteWriter front;
  front.text(header());  // its length, then itself
  sink(front.bytes());
  for (const Array* array : in_order()) {
    std::uint64_t given = 0;
    array->source([&](std::string_view bytes) {
      given += bytes.size();
      if (given <= array->size) sink(bytes);
    });
    if (given != array->size) {
      throw Error(fmt::format("[safetensors] {}: expected {} bytes, found {}", array->name, array->size, given));
    }
  }
}

std::string SafetensorsWriter::bytes() const {
  std::string bytes;
  bytes.reserve(size());
  write([&](std::string_view piece) { bytes += piece; });
  return bytes;
}

std::uint64_t SafetensorsWriter::size() const {
  std::uint64_t size = sizeof(std::uint64_t) + header().size();
  for (const Array& array : arrays_) size += array.size;
  return size;
}

}  // namespace ddpg
