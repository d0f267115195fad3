#include "record/json_lines.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace ddpg {

namespace {

std::string json_number(const MetricValue& value) {
  if (const auto* number = std::get_if<double>(&value)) {
    return std::isfinite(*number) ? fmt::format("{}", *number) : "null";
  }
  return std::to_string(std::get<std::int64_t>(value));
}

}  // namespace

std::string json_line(const Progress& progress, std::span<const Metric> keys) {
  std::string line = "{";
  for (const Metric& metric : keys) {
    line += fmt::format("\"{}\": {}, ", metric.name, json_number(metric.value(progress)));
  }
  line.resize(line.size() - 2);
  return line + "}";
}

JsonLinesRecorder::JsonLinesRecorder(std::filesystem::path file, Warn warn)
    : file_("json lines", std::move(file)), warn_(std::move(warn)) {}

void JsonLinesRecorder::started(const RunStart& start) {
  keys_ = metrics_of(start);
  file_.continue_lines("", start.rows, start.last_row_step, warn_);
}

void JsonLinesRecorder::progressed(const Progress& progress, const Policy&) {
  file_.append(json_line(progress, keys_) + "\n");
}

}  // namespace ddpg
