// Every figure of a row of progress: what it is called in each record, and what it means. The one place that names
// them: progress.csv, progress.jsonl, TensorBoard and docs/metrics.md are derived from it.
#pragma once

#include <cstdint>
#include <span>
#include <variant>

#include "ddpg/observer.h"

namespace ddpg {

using MetricValue = std::variant<std::int64_t, double>;  // NaN: not measured at this row

struct Metric {
  const char* name;                     // column of progress.csv, key of progress.jsonl
  const char* tag;                      // of TensorBoard's scalar; "": not one
  const char* unit;                     // "" for a number without
  const char* meaning;                  // its definition
  const char* source;                   // where it is computed, from src/
  MetricValue (*get)(const Progress&);  // null for one of the agent's measures (agent/measures.h):
  double Progress::*measure = nullptr;  // these have this

  MetricValue value(const Progress& progress) const { return get ? get(progress) : MetricValue(progress.*measure); }
};

// In the order of the columns; those that depend on the clock come last.
std::span<const Metric> metrics();

}  // namespace ddpg
