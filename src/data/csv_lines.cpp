#include "data/csv_lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "ddpg/error.h"

namespace ddpg {
namespace {

constexpr std::size_t kPiece = 1 << 16, kLongestLine = 1 << 24, kMostFields = 1 << 17;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

}  // namespace

CsvLines::CsvLines(const DataFile& file) : file_(file) {
  if (file.piece(0, kByteOrderMark.size()) == kByteOrderMark) place_ = kByteOrderMark.size();
}

void CsvLines::fail(std::string_view what) const {
  throw Error(fmt::format("[{}:{}] {}", file_.name(), line_, what));
}

bool CsvLines::next() {
  do {
    if (!take_line()) return false;
  } while (std::all_of(text_.begin(), text_.end(), is_blank));
  split();
  return true;
}

// Up to the line end, or to the end of the file.
bool CsvLines::take_line() {
  text_.clear();
  line_++;
  while (true) {
    const std::size_t end = read_.find('\n', taken_);
    text_.append(read_, taken_, end == std::string::npos ? end : end - taken_);
    if (text_.size() > kLongestLine) fail(fmt::format("expected a line of at most {} bytes", kLongestLine));
    if (end != std::string::npos) {
      taken_ = end + 1;
      return true;
    }
    read_ = file_.piece(place_, kPiece);
    place_ += read_.size();
    taken_ = 0;
    if (read_.empty()) return !text_.empty();
  }
}

void CsvLines::split() {
  std::size_t count = 0;
  for (std::size_t at = 0; at <= text_.size(); at++, count++) {
    if (count == kMostFields) fail(fmt::format("expected at most {} columns", kMostFields));
    if (count == fields_.size()) fields_.emplace_back();
    std::string& field = fields_[count];
    while (at < text_.size() && is_blank(text_[at])) at++;
    if (at < text_.size() && text_[at] == '"') {
      at = take_quoted(at + 1, field);
      while (at < text_.size() && is_blank(text_[at])) at++;
      if (at < text_.size() && text_[at] != ',')
        fail(fmt::format("column {}: expected a comma behind the quotation mark", count + 1));
    } else {
      std::size_t end = std::min(text_.find(',', at), text_.size());
      const std::size_t begin = at;
      at = end;
      while (end > begin && is_blank(text_[end - 1])) end--;
      field.assign(text_, begin, end - begin);
    }
  }
  fields_.resize(count);
}

// Up to the quotation mark that ends it; two of them are one within.
std::size_t CsvLines::take_quoted(std::size_t at, std::string& field) const {
  field.clear();
  for (; at < text_.size(); at++) {
    if (text_[at] == '"') {
      if (at + 1 == text_.size() || text_[at + 1] != '"') return at + 1;
      at++;
    }
    field += text_[at];
  }
  fail("a quotation mark is not closed on its line");
}

}  // namespace ddpg
