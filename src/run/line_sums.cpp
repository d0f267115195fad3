#include "run/line_sums.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <optional>
#include <unordered_map>
#include <utility>

#include "ddpg/error.h"
#include "support/bytes.h"
#include "support/files.h"

namespace ddpg {

namespace {

constexpr std::size_t kDigits = 14, kSumDigits = 8, kLength = kDigits + 1 + kSumDigits + 1;
constexpr std::size_t kMostMended = 20;  // each costs as many checksums as its line has bits
constexpr std::size_t kLongest = 2'000;  // bytes of a line that is mended

struct LineSum {
  std::size_t end = 0;
  std::uint32_t sum = 0;
};

template <class Number>
bool read_number(std::string_view digits, int base, Number& number) {
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  return error == std::errc() && end == digits.data() + digits.size();
}

std::string as_text(std::uint32_t sum, std::size_t end) {
  return fmt::format("{:0{}} {:0{}x}\n", end, kDigits, sum, kSumDigits);
}

// Nothing when the line of sums is itself damaged.
std::optional<LineSum> parse_sum(std::string_view line) {
  LineSum found;
  const bool whole = line.size() == kLength && line[kDigits] == ' ' && line.back() == '\n' &&
                     read_number(line.substr(0, kDigits), 10, found.end) &&
                     read_number(line.substr(kDigits + 1, kSumDigits), 16, found.sum);
  return whole ? std::optional(found) : std::nullopt;
}

// A wrong digit of the sum itself damages no line: all other digits agree, which no damaged line does.
bool agrees(std::string_view line, std::uint32_t sum) {
  const std::uint32_t wrong = crc32(line) ^ sum;
  return wrong == 0 || (wrong >> (std::countr_zero(wrong) / 4 * 4)) < 16;
}

// The line with the one bit turned that makes it agree: a CRC-32 distinguishes lines of this length with one wrong bit
// from each other.
std::string mended(std::string line, std::uint32_t sum) {
  for (std::size_t i = 0; i < line.size() && line.size() <= kLongest; i++) {
    for (int bit = 0; bit < 8; bit++) {
      line[i] = static_cast<char>(line[i] ^ (1 << bit));
      if (crc32(line) == sum) return line;
      line[i] = static_cast<char>(line[i] ^ (1 << bit));
    }
  }
  return "";
}

// From byte `begin` on, by the line ends of the table alone; without one where the line is torn.
std::string_view line_at(std::string_view text, std::size_t begin) {
  const std::size_t end = text.find('\n', begin);
  return text.substr(begin, end == std::string_view::npos ? end : end + 1 - begin);
}

// The lines that were written, in their order, as the sums tell of them.
class WrittenLines {
 public:
  explicit WrittenLines(std::string_view sums) {
    for (; !sums.empty(); sums.remove_prefix(std::min(sums.size(), kLength)))
      lines_.push_back(parse_sum(sums.substr(0, kLength)));
  }

  // Nothing where there is none, or it cannot be read.
  std::optional<LineSum> at(std::size_t place) const { return place < lines_.size() ? lines_[place] : std::nullopt; }

  // The place of `line` where it is one of those from `first` on: the lines before it are gone, as where a mending was
  // cut off by a kill after it had left them out of the table and before it wrote the sums.
  std::optional<std::size_t> find(std::string_view line, std::size_t first) {
    if (places_.empty())
      for (std::size_t i = 0; i < lines_.size(); i++)
        if (lines_[i]) places_.emplace(lines_[i]->sum, i);
    const auto found = places_.find(crc32(line));
    return found != places_.end() && found->second >= first ? std::optional(found->second) : std::nullopt;
  }

  // The first place from `place` on whose line does not end before byte `begin` of the table.
  std::size_t next(std::size_t place, std::size_t begin) const {
    while (at(place) && at(place)->end <= begin) place++;
    return place;
  }

 private:
  std::vector<std::optional<LineSum>> lines_;
  std::unordered_map<std::uint32_t, std::size_t> places_;  // by sum; made when the first line differs
};

std::string numbered(const std::vector<int>& lines) {
  constexpr std::size_t kMost = 5;
  std::string text = fmt::format(
      "line{} {}", lines.size() == 1 ? "" : "s",
      fmt::join(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(std::min(lines.size(), kMost)), ", "));
  if (lines.size() > kMost) text += fmt::format(" and {} more", lines.size() - kMost);
  return text;
}

}  // namespace

std::string sum_of_line(std::string_view line, std::size_t end) {
  return as_text(crc32(line), end);
}

std::string sums_of(const std::filesystem::path& table) {
  std::string sums;
  LineSum line;
  read_pieces(table, [&](std::string_view piece) {
    while (!piece.empty()) {
      const std::string_view part = line_at(piece, 0);
      line = {line.end + part.size(), crc32(part, line.sum)};
      if (part.ends_with('\n')) sums += as_text(std::exchange(line.sum, 0), line.end);
      piece.remove_prefix(part.size());
    }
    return true;
  });
  return sums;
}

std::filesystem::path sums_file(const std::filesystem::path& table) {
  return std::filesystem::path(table).replace_extension(".sums");
}

std::string read_sums(const std::filesystem::path& table) {
  try {
    return read_file(sums_file(table), kLongestTable);
  } catch (const Error&) {  // a run of before there were sums
    return "";
  }
}

std::string CheckedLines::text() const {
  return fmt::format("{}", fmt::join(lines, ""));
}

std::string CheckedLines::problem() const {
  std::string text;
  const bool one = lost.size() == 1;
  if (!lost.empty())
    text = fmt::format("{} {} from what was written, beyond mending, and {} left out", numbered(lost),
                       one ? "differs" : "differ", one ? "is" : "are");
  if (!mended.empty())
    text += fmt::format("{}{} had a wrong bit, which is mended", text.empty() ? "" : "; ", numbered(mended));
  return text;
}

CheckedLines check_lines(std::string_view text, std::string_view sums) {
  WrittenLines written(sums);
  CheckedLines checked;
  std::size_t begin = 0, untaken = 0;
  std::size_t place = 0;  // which of those written the line at `begin` is, as far as its place tells
  const auto take = [&](std::string_view line, std::size_t which, std::size_t end) {
    checked.lines.emplace_back(line);
    checked.numbers.push_back(static_cast<int>(which) + 1);
    begin = end;
    place = untaken = which + 1;
  };
  for (int number = 1; begin < text.size(); number++) {
    const std::string_view plain = line_at(text, begin);
    const bool whole = plain.ends_with('\n');
    const std::optional<LineSum> sum = written.at(place);
    if (!sum || agrees(plain, sum->sum)) {
      if (!whole) break;
      take(plain, place, begin + plain.size());
      continue;
    }
    if (const auto other = written.find(plain, untaken)) {
      take(plain, *other, begin + plain.size());
      continue;
    }
    const bool ends = sum->end > begin && sum->end <= text.size();
    const std::string_view line = ends ? text.substr(begin, sum->end - begin) : plain;
    const bool tries = checked.mended.size() + checked.lost.size() < kMostMended;
    if (const std::string better = tries ? mended(std::string(line), sum->sum) : ""; !better.empty()) {
      take(better, place, begin + line.size());
      checked.mended.push_back(number);
      continue;
    }
    if (whole || ends) checked.lost.push_back(number);  // else the last one, torn
    // a line end may be what is damaged: then the line behind it tells where it was
    const bool known_end = ends && written.find(line_at(text, sum->end), untaken);
    begin = known_end ? sum->end : begin + plain.size();
    place = written.next(place, begin);
  }
  return checked;
}

}  // namespace ddpg
