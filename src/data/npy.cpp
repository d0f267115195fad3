#include "data/npy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <utility>

#include "ddpg/error.h"
#include "support/bytes.h"

namespace ddpg {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::uint64_t kLongestHeader = 1 << 16;
constexpr std::size_t kAtOnce = 1 << 16;  // bytes read together

static_assert(std::endian::native == std::endian::little, "the numbers are taken as they lie in the file");

// Takes parts off the text of a header, which is a dictionary of Python with three keys, in any order.
class HeaderText {
 public:
  explicit HeaderText(std::string_view text) : rest_(text) {}

  NpyHeader parse() {
    NpyHeader header;
    bool descr = false, order = false, shape = false;
    expect('{');
    while (!take('}')) {
      const std::string_view key = quoted();
      expect(':');
      if (key == "descr" && !std::exchange(descr, true))
        read_type(header);
      else if (key == "fortran_order" && !std::exchange(order, true))
        header.fortran = read_flag();
      else if (key == "shape" && !std::exchange(shape, true))
        read_shape(header);
      else
        fail(fmt::format("expected descr, fortran_order and shape, found {}", printable(key)));
      take(',');
    }
    if (!descr || !order || !shape) fail("expected descr, fortran_order and shape");
    return header;
  }

 private:
  [[noreturn]] static void fail(const std::string& what) { throw Error("its header: " + what); }

  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n"), rest_.size())); }
  bool take(char c) {
    skip_blanks();
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail(fmt::format("expected {}, found {}", c, printable(rest_.substr(0, 20))));
  }
  std::string_view quoted() {
    expect('\'');
    const std::size_t end = rest_.find('\'');
    if (end == std::string_view::npos) fail("a text has no end");
    const std::string_view text = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return text;
  }
  bool read_flag() {
    skip_blanks();
    for (const auto& [word, value] : {std::pair<std::string_view, bool>{"True", true}, {"False", false}}) {
      if (!rest_.starts_with(word)) continue;
      rest_.remove_prefix(word.size());
      return value;
    }
    fail("expected fortran_order to be True or False");
  }

  void read_type(NpyHeader& header) {
    skip_blanks();
    const bool fields = rest_.starts_with('[');
    const std::string_view type = fields ? rest_.substr(0, 20) : quoted();
    constexpr std::string_view kTypes[] = {"<f4", "<f8", "|b1", "|u1", "|i1", "<u2", "<i2", "<u4", "<i4", "<u8", "<i8"};
    if (fields || std::find(std::begin(kTypes), std::end(kTypes), type) == std::end(kTypes))
      fail(
          fmt::format("expected numbers of type {}, found {}; convert them before they are saved, by "
                      "a.astype('<f4')",
                      fmt::join(kTypes, ", "), printable(type)));
    header.kind = type[1];
    header.bytes = type[2] - '0';
  }

  void read_shape(NpyHeader& header) {
    expect('(');
    while (!take(')')) {
      skip_blanks();
      std::uint64_t length = 0;
      const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), length);
      if (error != std::errc()) fail("expected whole numbers as its shape");
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
      header.shape.push_back(length);
      take(',');
    }
  }

  std::string_view rest_;
};

template <class Number>
double as(const char* bytes) {
  Number number;
  std::memcpy(&number, bytes, sizeof number);
  return static_cast<double>(number);
}

std::string take_header(ZipStream& stream) {
  char head[12];
  if (stream.left() < 10) stream.fail("expected an array of NumPy, found fewer bytes than its header has");
  stream.read(head, 10);
  const int version = head[6];
  if (std::string_view(head, kMagic.size()) != kMagic) stream.fail("expected an array of NumPy, found something else");
  if (version < 1 || version > 3)
    stream.fail(fmt::format("expected version 1, 2 or 3 of the format npy, found {}", version));
  if (version > 1 && stream.left() < 2) stream.fail("its header was cut off");
  if (version > 1) stream.read(head + 10, 2);
  std::uint64_t length = 0;
  for (int i = version > 1 ? 11 : 9; i >= 8; i--) length = length << 8 | static_cast<unsigned char>(head[i]);
  if (length > kLongestHeader || length > stream.left())
    stream.fail(fmt::format("expected a header of at most {} bytes, found {}", kLongestHeader, length));
  std::string text(static_cast<std::size_t>(length), '\0');
  if (length > 0) stream.read(text.data(), text.size());
  return text;
}

}  // namespace

NpyHeader parse_npy_header(std::string_view text) {
  return HeaderText(text).parse();
}

NpyRows::NpyRows(ZipStream& stream) : stream_(stream) {
  const std::string text = take_header(stream);
  try {
    header_ = parse_npy_header(text);
  } catch (const Error& error) {
    stream.fail(error.what());
  }
  check_size();
}

void NpyRows::check_size() {
  const std::vector<std::uint64_t>& shape = header_.shape;
  if (shape.size() != 1 && shape.size() != 2)
    stream_.fail(
        fmt::format("expected rows, an array of one or two dimensions, found shape ({})", fmt::join(shape, ", ")));
  if (header_.fortran && shape.size() == 2 && shape[0] > 1 && shape[1] > 1)
    stream_.fail(
        "expected rows one after the other, found columns (fortran_order); save numpy.ascontiguousarray() of it");
  const auto bytes = static_cast<std::uint64_t>(header_.bytes);
  const bool fits = width() == 0 || rows() <= stream_.left() / bytes / width();
  if (!fits || rows() * width() * bytes != stream_.left())
    stream_.fail(fmt::format("expected {} bytes for each number of the shape ({}), found {} in all", bytes,
                             fmt::join(shape, ", "), stream_.left()));
}

// Several rows are read together, a few whole ones at a time.
void NpyRows::read(double* to, std::size_t width) {
  const std::size_t bytes = static_cast<std::size_t>(header_.bytes), row = width * bytes;
  if (taken_ == read_.size()) {
    const std::size_t most = std::max(row, kAtOnce / row * row);
    read_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(most, stream_.left())));
    stream_.read(read_.data(), read_.size());
    taken_ = 0;
  }
  for (std::size_t i = 0; i < width; i++) to[i] = number(read_.data() + taken_ + i * bytes);
  taken_ += row;
}

double NpyRows::number(const char* bytes) const {
  const bool is_signed = header_.kind == 'i';
  if (header_.kind == 'f') return header_.bytes == 4 ? as<float>(bytes) : as<double>(bytes);
  switch (header_.bytes) {
    case 1:
      return is_signed ? as<std::int8_t>(bytes) : as<std::uint8_t>(bytes);
    case 2:
      return is_signed ? as<std::int16_t>(bytes) : as<std::uint16_t>(bytes);
    case 4:
      return is_signed ? as<std::int32_t>(bytes) : as<std::uint32_t>(bytes);
    default:
      return is_signed ? as<std::int64_t>(bytes) : as<std::uint64_t>(bytes);
  }
}

}  // namespace ddpg
