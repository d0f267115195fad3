// The reader of safetensors: see safetensors.h. The bytes may come from anybody, so the header is refused where it is
// deeper than it should be or says a thing twice, and every number in it is checked before it is used.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "ddpg/error.h"
#include "support/bytes.h"
#include "support/json.h"
#include "support/safetensors.h"

namespace ddpg {
namespace {

// Twenty times that of 4,096 environments; read, it takes up to 40 times as much memory.
constexpr std::uint64_t kLongestHeader = 32'000'000;
constexpr int kDeepestHeader = 3;  // the numbers in a shape: in an array in a tensor in the header

[[noreturn]] void fail(const std::string& where, const std::string& message) {
  throw Error(fmt::format("[{}] {}", where, message));
}

Json parse_header(std::string_view text, const std::string& where) {
  Json header = parse_json(text, where + ": header", kDeepestHeader);
  if (!header.is_object()) fail(where, fmt::format("header: expected an object, found {}", header.type_name()));
  std::set<std::string_view> names;
  for (const Json::Member& member : header.members())
    if (!names.insert(member.key).second)
      fail(where, fmt::format("header: expected each name once, found {} twice", printable(member.key)));
  return header;
}

Dtype read_dtype(const Json& value, const std::string& what, const std::string& where) {
  const std::string* const name = value.text();
  for (Dtype dtype : {Dtype::f32, Dtype::f64, Dtype::u8, Dtype::u32, Dtype::i64, Dtype::u64}) {
    if (name != nullptr && *name == name_of(dtype)) return dtype;
  }
  fail(where, fmt::format("{}: expected dtype F32, F64, U8, U32, I64 or U64, found {}", what,
                          printable(name != nullptr ? *name : value.dump())));
}

std::vector<std::int64_t> read_numbers(const Json& value, const char* key, const std::string& what,
                                       const std::string& where) {
  if (!value.is_array())
    fail(where, fmt::format("{}: expected {} to be an array, found {}", what, key, value.type_name()));
  std::vector<std::int64_t> numbers;
  for (const Json& item : value.elements()) {
    const std::uint64_t* const number = item.unsigned_number();
    if (number == nullptr || *number >> 63 != 0)
      fail(where, fmt::format("{}: expected whole numbers in {}, found {}", what, key, printable(item.dump())));
    numbers.push_back(static_cast<std::int64_t>(*number));
  }
  return numbers;
}

// Bytes of an array, or nothing where they exceed `most`.
std::optional<std::uint64_t> bytes_of(Dtype dtype, const TensorShape& shape, std::uint64_t most) {
  std::uint64_t size = size_of(dtype);
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return 0;
  for (std::int64_t length : shape) {
    if (static_cast<std::uint64_t>(length) > most / size) return std::nullopt;
    size *= static_cast<std::uint64_t>(length);
  }
  return size;
}

TensorView read_tensor(const std::string& name, const Json& value, std::string_view data, const std::string& where) {
  const std::string what = printable(name);
  const Json *const dtype = value.find("dtype"), *const shape = value.find("shape"),
                    *const place = value.find("data_offsets");
  if (value.size() != 3 || dtype == nullptr || shape == nullptr || place == nullptr)
    fail(where, fmt::format("{}: expected an object of dtype, shape and data_offsets", what));
  TensorView tensor{name, read_dtype(*dtype, what, where), read_numbers(*shape, "shape", what, where), {}};
  const std::vector<std::int64_t> offsets = read_numbers(*place, "data_offsets", what, where);
  if (offsets.size() != 2 || offsets[0] > offsets[1] || static_cast<std::uint64_t>(offsets[1]) > data.size()) {
    fail(where, fmt::format("{}: expected data_offsets within the {} bytes of data, found [{}]; the file is damaged",
                            what, data.size(), fmt::join(offsets, ", ")));
  }
  const auto begin = static_cast<std::uint64_t>(offsets[0]), size = static_cast<std::uint64_t>(offsets[1]) - begin;
  if (bytes_of(tensor.dtype, tensor.shape, data.size()) != size) {
    fail(where, fmt::format("{}: expected as many bytes as {} [{}] has, found {}", what, name_of(tensor.dtype),
                            fmt::join(tensor.shape, ", "), size));
  }
  tensor.bytes = data.substr(begin, size);
  return tensor;
}

// In the order of their bytes, and every byte belongs to one array.
void sort_and_check(std::vector<TensorView>& tensors, std::string_view data, const std::string& where) {
  std::stable_sort(tensors.begin(), tensors.end(), [](const TensorView& a, const TensorView& b) {
    return std::pair(a.bytes.data(), a.bytes.size()) < std::pair(b.bytes.data(), b.bytes.size());
  });
  const char* next = data.data();
  for (const TensorView& tensor : tensors) {
    if (tensor.bytes.data() != next) {
      fail(where, fmt::format("{}: expected its bytes to begin at {}, where those before end, found {}",
                              printable(tensor.name), next - data.data(), tensor.bytes.data() - data.data()));
    }
    next += tensor.bytes.size();
  }
  const std::ptrdiff_t left = data.data() + data.size() - next;
  if (left != 0)
    fail(where, fmt::format("trailing bytes: expected the end, found {} bytes more; the file is damaged", left));
}

}  // namespace

SafetensorsView read_safetensors(std::string_view bytes, std::string where) {
  ByteReader in(bytes, where);
  const std::uint64_t length = in.u64("length of the header");
  if (length > kLongestHeader) {
    in.fail(
        fmt::format("not a safetensors file: expected a header of at most {} bytes, found {}", kLongestHeader, length));
  }
  const Json header = parse_header(in.raw(length, "header"), where);
  SafetensorsView file{std::move(where), {}, {}};
  const std::string_view data = in.rest();
  for (const auto& [name, value] : header.members()) {
    if (name != "__metadata__") {
      file.tensors.push_back(read_tensor(name, value, data, file.where));
      continue;
    }
    if (!value.is_object()) in.fail("__metadata__: expected an object of texts");
    for (const auto& [key, text] : value.members()) {
      if (text.text() == nullptr) in.fail("__metadata__: expected an object of texts");
      file.metadata[key] = *text.text();
    }
  }
  sort_and_check(file.tensors, data, file.where);
  return file;
}

const TensorView& SafetensorsView::find(std::string_view name, Dtype dtype) const {
  const auto found =
      std::find_if(tensors.begin(), tensors.end(), [&](const TensorView& tensor) { return tensor.name == name; });
  if (found == tensors.end()) fail(where, fmt::format("expected an array {}, found none of that name", name));
  if (found->dtype != dtype) {
    fail(where, fmt::format("{}: expected dtype {}, found {}", name, name_of(dtype), name_of(found->dtype)));
  }
  return *found;
}

const TensorView& SafetensorsView::find(std::string_view name, Dtype dtype, const TensorShape& shape) const {
  const TensorView& found = find(name, dtype);
  if (found.shape != shape) {
    fail(where, fmt::format("{}: expected shape [{}], found [{}]", name, fmt::join(shape, ", "),
                            fmt::join(found.shape, ", ")));
  }
  return found;
}

}  // namespace ddpg
