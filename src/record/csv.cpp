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
  file_.continue_lines(csv_header(columns_), check_rows(start.rows), warn_);
  write_sums();
}

// Of the first `rows` rows, how many there are once the damaged ones are mended or left out.
std::int64_t CsvRecorder::check_rows(std::int64_t rows) const {
  const std::filesystem::path& file = file_.path();
  if (rows == 0 || !is_there(file)) return rows;
  const std::string text = read_file(file, kLongestTable);
  const CheckedLines checked = check_lines(text, read_sums(file));
  const bool has_header = checked.lost.empty() || checked.lost.front() != 1;
  if (!checked.damaged() || !has_header) return rows;
  std::string problem = fmt::format("{}: {}", shown(file), checked.problem());
  if (!checked.lost.empty()) {
    const std::filesystem::path kept = std::filesystem::path(file).concat(".damaged");
    write_file_atomically(kept, text);
    problem += fmt::format("; the file as it was is {}", shown(kept));
  }
  write_file_atomically(file, checked.text());
  if (warn_) warn_(problem);
  return rows - std::count_if(checked.lost.begin(), checked.lost.end(), [&](int line) { return line <= rows + 1; });
}

void CsvRecorder::write_sums() {
  const std::string text = read_file(file_.path(), kLongestTable);
  std::string sums;
  for (end_ = 0; end_ < text.size();) {
    const std::size_t begin = std::exchange(end_, text.find('\n', end_) + 1);
    sums += sum_of_line(std::string_view(text).substr(begin, end_ - begin), end_);
  }
  sums_.begin();
  sums_.append_unsynced(sums);
}

void CsvRecorder::progressed(const Progress& progress, const Policy&) {
  const std::string row = csv_row(progress, columns_) + "\n";
  file_.append(row);
  end_ += row.size();
  sums_.append_unsynced(sum_of_line(row, end_));
}

}  // namespace ddpg
