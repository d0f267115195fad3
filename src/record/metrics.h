// Every figure of a row of progress: what it is called in each record, and what it means. The one place that names
// them: progress.csv, progress.jsonl, TensorBoard and docs/metrics.md are derived from it.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "ddpg/observer.h"

namespace ddpg {

using MetricValue = std::variant<std::int64_t, double>;  // NaN: not measured at this row

struct Metric {
  std::string name;     // column of progress.csv, key of progress.jsonl
  std::string tag;      // of TensorBoard's scalar; "": not one
  std::string unit;     // "" for a number without
  std::string meaning;  // its definition
  std::string source;   // where it is computed, from src/
  std::function<MetricValue(const Progress&)> value;
};

// In the order of the columns; those that depend on the clock come last.
std::span<const Metric> metrics();
// The same with those that a task measures itself (Specification::metric_names), of training and of test episodes, and
// with those of each player.
std::vector<Metric> metrics_of(const RunStart& start);
// What such a column is called, and whose metric it is: "distance" of "training_metric_distance".
inline constexpr const char* kTrainingMetric = "training_metric_";
inline constexpr const char* kEvaluationMetric = "evaluation_metric_";

}  // namespace ddpg
