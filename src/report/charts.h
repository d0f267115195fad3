// The charts of a report: which metrics are drawn for a task, and what their lines are. Metric names are the columns of
// progress.csv (docs/run-folder.md). Not here: axes and layout (chart.h).
#pragma once

#include <string>
#include <vector>

#include "report/chart.h"
#include "report/study.h"

namespace ddpg {

/// Mean return of the test episodes: the interquartile mean over the seeds with its 95 % band.
Chart learning_curve(const Task& task);

/// A chart of diagnostics: one line for each group and column, the interquartile mean over the seeds; the band of the
/// first column goes from the least to the greatest seed.
struct Diagnostic {
  Chart chart;
  std::string columns;  ///< "mean_q, mean_target"
  std::string meaning;  ///< one sentence
};

/// All that have anything to show.
std::vector<Diagnostic> diagnostics(const Task& task);

/// The columns of all of them, in their order.
std::vector<std::string> diagnostic_columns(const Task& task);

/// The groups' final scores side by side.
std::vector<IntervalRow> score_rows(const Task& task);

}  // namespace ddpg
