#include "run/progress_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "ddpg/error.h"
#include "run/line_sums.h"
#include "support/bytes.h"
#include "support/math.h"
#include "support/shown.h"

namespace ddpg {
namespace {

constexpr std::size_t kMostColumns = 10'000;  // of a thousand players, too

// Takes the part of `rest` before `separator`, and the separator with it.
std::string_view take(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return part;
}

// The fields of one line; one more than `most` when there are too many.
std::vector<std::string_view> split(std::string_view line, std::size_t most) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  const auto count = static_cast<std::size_t>(std::count(line.begin(), line.end(), ',')) + 1;
  std::vector<std::string_view> fields;
  for (std::size_t i = 0; i < std::min(count, most + 1); i++) fields.push_back(take(line, ','));
  return fields;
}

// Whole lines only: what stands behind the last line end is the half of a row.
std::string_view whole_lines(std::string_view text) {
  const std::size_t end = text.rfind('\n');
  return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

class Parser {
 public:
  Parser(std::string_view text, std::string_view where) : rest_(whole_lines(text)), where_(where) {}

  ProgressTable parse() {
    if (rest_.empty()) return {};
    read_names();
    while (!rest_.empty()) read_row();
    return ProgressTable(std::move(names_), std::move(columns_));
  }

 private:
  [[noreturn]] void fail(const std::string& message) const {
    throw Error(fmt::format("[{}:{}] {}", where_, line_, message));
  }

  void read_names() {
    line_ = 1;
    for (std::string_view name : split(take(rest_, '\n'), kMostColumns)) names_.emplace_back(name);
    if (names_.size() > kMostColumns) fail(fmt::format("more than {} columns", kMostColumns));
    for (std::size_t i = 0; i < names_.size(); i++) {
      if (std::find(names_.begin(), names_.begin() + static_cast<std::ptrdiff_t>(i), names_[i]) !=
          names_.begin() + static_cast<std::ptrdiff_t>(i))
        fail(fmt::format("the column {} is there twice", printable(names_[i])));
    }
    const auto step = std::find(names_.begin(), names_.end(), "step");
    if (step == names_.end()) {
      fail(fmt::format("no column is named \"step\"; the line is {}", printable(names_.front())));
    }
    step_ = static_cast<std::size_t>(step - names_.begin());
    columns_.resize(names_.size());
  }

  void read_row() {
    line_++;
    const std::vector<std::string_view> fields = split(take(rest_, '\n'), names_.size());
    if (fields.size() != names_.size()) {
      fail(fmt::format("expected {} fields as in the first line, found {}{}", names_.size(),
                       fields.size() > names_.size() ? "at least " : "", fields.size()));
    }
    for (std::size_t i = 0; i < fields.size(); i++) columns_[i].push_back(number(names_[i], fields[i]));
    const std::vector<double>& steps = columns_[step_];
    if (!std::isfinite(steps.back()) || steps.back() < 0)
      fail(fmt::format("step: expected a number of steps, found {}", printable(fields[step_])));
    if (steps.size() > 1 && steps.back() < steps[steps.size() - 2])
      fail(fmt::format("step {} comes after step {}", steps.back(), steps[steps.size() - 2]));
  }

  double number(const std::string& name, std::string_view field) const {
    if (field.empty()) return kNaN;
    double value = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (error == std::errc::result_out_of_range) return kNaN;
    if (error != std::errc() || end != field.data() + field.size())
      fail(fmt::format("{}: expected a number, found {}", printable(name), printable(field)));
    return value;
  }

  std::string_view rest_, where_;
  std::size_t line_ = 0, step_ = 0;
  std::vector<std::string> names_;
  std::vector<std::vector<double>> columns_;
};

}  // namespace

ProgressTable::ProgressTable(std::vector<std::string> names, std::vector<std::vector<double>> columns)
    : names_(std::move(names)), columns_(std::move(columns)) {}

std::span<const double> ProgressTable::column(std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) return {};
  return columns_[static_cast<std::size_t>(found - names_.begin())];
}

double ProgressTable::last(std::string_view name) const {
  const std::span<const double> values = column(name);
  for (std::size_t i = values.size(); i-- > 0;) {
    if (!std::isnan(values[i])) return values[i];
  }
  return kNaN;
}

ProgressTable parse_progress(std::string_view text, std::string_view where) {
  return Parser(text, where).parse();
}

ProgressTable read_progress(const std::filesystem::path& file, std::string& problem, std::size_t limit) {
  std::error_code unknown;  // read_file() says what it is
  if (const std::uintmax_t size = std::filesystem::file_size(file, unknown); !unknown && size > limit)
    throw Error(fmt::format(
        "[run folder] {}: its {} bytes are more than the {} that are read of a table. Read a copy of the run that has "
        "fewer rows and no progress.sums (awk 'NR % 100 == 1' keeps one in a hundred); a larger log_interval makes "
        "fewer",
        shown(file), size, limit));
  const CheckedLines checked = check_lines(read_file(file, limit), read_sums(file));
  problem = checked.damaged() ? fmt::format("[run folder] {}: {}", shown(file), checked.problem()) : "";
  return parse_progress(checked.text(), shown(file));
}

}  // namespace ddpg
