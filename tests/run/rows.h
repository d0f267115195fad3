// The rows that a training reports, and what it says at its start and its end.
#pragma once

#include <atomic>
#include <limits>
#include <string>
#include <vector>

#include "ddpg/observer.h"
#include "record/csv.h"

namespace ddpg::testing {

// Keeps the rows that a file would hold: a resumed training says how many of them stay. Can stop the training.
class Rows : public Observer {
 public:
  void started(const RunStart& start) override {
    begun_at = start.step;
    warning = start.warning;
    lines.resize(static_cast<std::size_t>(start.rows));
    columns = metrics_of(start);
  }
  void stepped(std::int64_t step) override {
    if (step >= stop_at) stop = true;
  }
  void progressed(const Progress& progress, const Policy&) override {
    const std::string line = csv_row(progress, columns);
    std::size_t end = line.size();
    for (int clock = 0; clock < 3; clock++) end = line.rfind(',', end - 1);  // without the columns of the clock
    lines.push_back(line.substr(0, end) + (progress.best ? " best" : ""));
    if (!progress.warning.empty()) warnings.push_back(progress.warning);
  }
  void ended(const Summary& told, const Policy&) override { summary = told; }

  std::int64_t stop_at = std::numeric_limits<std::int64_t>::max();
  std::atomic<bool> stop = false;
  std::int64_t begun_at = -1;
  std::string warning;
  std::vector<std::string> lines, warnings;
  std::vector<Metric> columns;
  Summary summary;
};

}  // namespace ddpg::testing
