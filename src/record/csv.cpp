#include "record/csv.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "record/metrics.h"

namespace ddpg {

namespace {

std::string field(const MetricValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return std::isnan(*number) ? "" : fmt::format("{}", *number);
  return std::to_string(std::get<std::int64_t>(value));
}

}  // namespace

std::string csv_header() {
  std::string line;
  for (const Metric& metric : metrics()) line.append(metric.name).append(",");
  line.pop_back();
  return line;
}

std::string csv_row(const Progress& progress) {
  std::string line;
  for (const Metric& metric : metrics()) line += field(metric.value(progress)) + ",";
  line.pop_back();
  return line;
}

CsvRecorder::CsvRecorder(std::filesystem::path file, Warn warn)
    : file_("csv", std::move(file)), warn_(std::move(warn)) {}

void CsvRecorder::started(const RunStart& start) {
  file_.go_on_with_lines(csv_header(), start.rows, warn_);
}

void CsvRecorder::progressed(const Progress& progress, const Policy&) {
  file_.append(csv_row(progress) + "\n");
}

}  // namespace ddpg
