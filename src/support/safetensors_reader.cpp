// The reader of safetensors: see safetensors.h. The bytes may come from anybody, so the header is refused where it is
// deeper than it should be or says a thing twice, and every number in it is checked before it is used.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "ddpg/error.h"
#include "support/bytes.h"
#include "support/safetensors.h"

namespace ddpg {
namespace {

using Parsed = nlohmann::json;

constexpr std::uint64_t kLongestHeader = 100'000'000;
constexpr int kDeepestHeader = 3;  // the numbers in a shape: in an array in a tensor in the header

[[noreturn]] void fail(const std::string& where, const std::string& message) {
  throw Error(fmt::format("[{}] {}", where, message));
}

// Refuses a header that is too deep or says a name twice, before it is read. The parser can call back while it reads,
// but then takes time by the square of the arrays, and a training in thousands of environments has tens of thousands.
class Watch final : public nlohmann::json_sax<Parsed> {
 public:
  explicit Watch(const std::string& where) : where_(where) {}

  bool start_object(std::size_t) override { return enter(); }
  bool start_array(std::size_t) override { return enter(); }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }
  bool key(std::string& name) override {
    if (depth_ == 1 && !names_.insert(name).second)
      fail(where_, fmt::format("header: expected each name once, found {} twice", printable(name)));
    return true;
  }
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(std::int64_t) override { return true; }
  bool number_unsigned(std::uint64_t) override { return true; }
  bool number_float(double, const std::string&) override { return true; }
  bool string(std::string&) override { return true; }
  bool binary(Parsed::binary_t&) override { return true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  bool enter() {
    if (++depth_ > kDeepestHeader)
      fail(where_, "header: expected no more than arrays in an object in an object, found a deeper one");
    return true;
  }
  bool leave() { return depth_--, true; }

  const std::string& where_;
  int depth_ = 0;
  std::set<std::string> names_;
};

Parsed parse_header(std::string_view text, const std::string& where) {
  Watch watch(where);
  Parsed::sax_parse(text, &watch);  // what is no JSON is said by the parser below
  try {
    return Parsed::parse(text);
  } catch (const Parsed::exception& error) {
    fail(where, fmt::format("header: expected JSON, found something else ({}); the file is damaged", error.what()));
  }
}

Dtype read_dtype(const Parsed& value, const std::string& what, const std::string& where) {
  const std::string found = value.is_string() ? value.get<std::string>() : value.dump();
  for (Dtype dtype : {Dtype::f32, Dtype::f64, Dtype::u8, Dtype::u32, Dtype::i64, Dtype::u64}) {
    if (value.is_string() && found == name_of(dtype)) return dtype;
  }
  fail(where, fmt::format("{}: expected dtype F32, F64, U8, U32, I64 or U64, found {}", what, printable(found)));
}

std::vector<std::int64_t> read_numbers(const Parsed& value, const char* key, const std::string& what,
                                       const std::string& where) {
  if (!value.is_array())
    fail(where, fmt::format("{}: expected {} to be an array, found {}", what, key, value.type_name()));
  std::vector<std::int64_t> numbers;
  for (const Parsed& item : value) {
    const bool fits = item.is_number_unsigned() && item.get<std::uint64_t>() >> 63 == 0;
    if (!fits)
      fail(where, fmt::format("{}: expected whole numbers in {}, found {}", what, key, printable(item.dump())));
    numbers.push_back(item.get<std::int64_t>());
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

TensorView read_tensor(const std::string& name, const Parsed& value, std::string_view data, const std::string& where) {
  const std::string what = printable(name);
  const bool complete = value.is_object() && value.size() == 3 && value.contains("dtype") && value.contains("shape") &&
                        value.contains("data_offsets");
  if (!complete) fail(where, fmt::format("{}: expected an object of dtype, shape and data_offsets", what));
  TensorView tensor{
      name, read_dtype(value["dtype"], what, where), read_numbers(value["shape"], "shape", what, where), {}};
  const std::vector<std::int64_t> offsets = read_numbers(value["data_offsets"], "data_offsets", what, where);
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
  const Parsed header = parse_header(in.raw(length, "header"), where);
  if (!header.is_object()) in.fail(fmt::format("header: expected an object, found {}", header.type_name()));
  SafetensorsView file{std::move(where), {}, {}};
  const std::string_view data = in.rest();
  for (const auto& [name, value] : header.items()) {
    if (name != "__metadata__") {
      file.tensors.push_back(read_tensor(name, value, data, file.where));
      continue;
    }
    const bool texts =
        value.is_object() && std::all_of(value.begin(), value.end(), [](const Parsed& v) { return v.is_string(); });
    if (!texts) in.fail("__metadata__: expected an object of texts");
    file.metadata = value.get<std::map<std::string, std::string>>();
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
