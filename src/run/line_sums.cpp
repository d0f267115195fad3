#include "run/line_sums.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <optional>

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
  return fmt::format("{:0{}} {:0{}x}\n", end, kDigits, crc32(line), kSumDigits);
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
  CheckedLines checked;
  std::size_t begin = 0;
  const auto line_end = [&] {  // by the table alone; its size where the line is torn
    const std::size_t place = text.find('\n', begin);
    return place == std::string_view::npos ? text.size() : place + 1;
  };
  for (int number = 1; begin < text.size(); number++) {
    const std::optional<LineSum> sum = parse_sum(sums.substr(0, kLength));
    sums.remove_prefix(std::min(sums.size(), kLength));
    std::size_t end = line_end();
    const std::string_view plain = text.substr(begin, end - begin);
    if (!sum || agrees(plain, sum->sum)) {
      if (plain.ends_with('\n')) checked.lines.emplace_back(plain);
    } else {
      if (sum->end > begin && sum->end <= text.size()) end = sum->end;
      const std::string_view line = text.substr(begin, end - begin);
      const bool tries = checked.mended.size() + checked.lost.size() < kMostMended;
      std::string better = tries ? mended(std::string(line), sum->sum) : "";
      if (!better.empty()) {
        checked.lines.push_back(std::move(better));
        checked.mended.push_back(number);
      } else if (sum->end <= text.size()) {  // else the last one, torn
        checked.lost.push_back(number);
      }
    }
    begin = end;
  }
  return checked;
}

}  // namespace ddpg
