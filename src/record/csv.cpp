#include "record/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "run/line_sums.h"
#include "support/files.h"
#include "support/paths.h"
#include "support/shown.h"

namespace ddpg {

namespace {

std::string field(const MetricValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return std::isnan(*number) ? "" : fmt::format("{}", *number);
  return std::to_string(std::get<std::int64_t>(value));
}

// Keeps the table as it was, under a name that no other has: what was kept before may be the only whole copy of a row.
std::filesystem::path keep_damaged(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::path place = std::filesystem::path(file).concat(".damaged");
  for (int number = 2; is_there(place); number++)
    place = std::filesystem::path(file).concat(fmt::format(".damaged-{}", number));
  write_file_atomically(place, text);
  return place;
}

}  // namespace

std::string csv_header(std::span<const Metric> columns) {
  std::string line;
  for (const Metric& metric : columns) line.append(metric.name).append(",");
  line.pop_back();
  return line;
}

std::string csv_row(const Progress& progress, std::span<const Metric> columns) {
  std::string line;
  for (const Metric& metric : columns) line += field(metric.value(progress)) + ",";
  line.pop_back();
  return line;
}

CsvRecorder::CsvRecorder(std::filesystem::path file, Warn warn)
    : file_("csv", std::move(file)), sums_("csv", sums_file(file_.path())), warn_(std::move(warn)) {}

void CsvRecorder::started(const RunStart& start) {
  columns_ = metrics_of(start);
  sums_are_there_ = false;
  if (!is_there(file_.path())) remove_lastingly(sums_.path());
  file_.continue_lines(csv_header(columns_), mend(start.rows), start.last_row_step, warn_);
}

// Of the first `rows` rows, how many there are once the damaged ones are mended or left out.
std::int64_t CsvRecorder::mend(std::int64_t rows) const {
  const std::filesystem::path& file = file_.path();
  if (rows == 0 || !is_there(file)) return rows;
  const std::string sums = read_sums(file), now = sums_of(file);
  if (sums.starts_with(now) || now.starts_with(sums)) return rows;  // as nearly always: the table may be long
  const std::string text = read_file(file);
  const CheckedLines checked = check_lines(text, sums);
  const bool has_header = !checked.numbers.empty() && checked.numbers.front() == 1;
  if (!has_header) return rows;
  if (checked.damaged()) {
    std::string problem = fmt::format("{}: {}", shown(file), checked.problem());
    if (!checked.lost.empty()) problem += fmt::format("; the file as it was is {}", shown(keep_damaged(file, text)));
    write_file_atomically(file, checked.text());
    if (warn_) warn_(problem);
  }
  const std::int64_t last = std::min<std::int64_t>(checked.numbers.back(), rows + 1);
  const std::int64_t there = std::ranges::upper_bound(checked.numbers, last) - checked.numbers.begin();
  return rows - (last - there);
}

// No kill and no power cut leaves sums of other rows beside the table: they go before its former rows do, and come as a
// whole once these are gone.
void CsvRecorder::begin_sums() {
  const std::string sums = sums_of(file_.path());
  write_file_atomically(sums_.path(), sums);
  sums_.continue_after(sums.size());
  sums_are_there_ = true;
}

void CsvRecorder::progressed(const Progress& progress, const Policy&) {
  const std::string row = csv_row(progress, columns_) + "\n";
  if (!sums_are_there_) remove_lastingly(sums_.path());
  file_.append(row);
  if (!sums_are_there_) return begin_sums();
  sums_.append_unsynced(sum_of_line(row, file_.end()));
}

}  // namespace ddpg
