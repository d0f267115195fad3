// The progress of a training as a table in a file, one row per Progress, for plots and spreadsheets.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "ddpg/observer.h"
#include "record/append_file.h"
#include "record/metrics.h"

namespace ddpg {

// Writes progress.csv. Each row reaches the file whole, at once. Numbers are in the shortest form that reads back to
// the same bits; what was not measured is an empty field; the columns that depend on the clock come last. A resumed
// training continues after its first RunStart::rows rows, up to that of RunStart::last_row_step, once they agree with
// progress.sums (run/line_sums.h): a row that does not is mended or left out, with a warning. The rows after them go
// with its first new row, not before. Throws Error naming the file when it cannot be written, or is to be continued and
// has other columns.
class CsvRecorder : public Observer {
 public:
  explicit CsvRecorder(std::filesystem::path file, Warn warn = {});  // opened when training starts

  void started(const RunStart& start) override;
  void progressed(const Progress& progress, const Policy& policy) override;

 private:
  std::int64_t mend(std::int64_t rows) const;
  void begin_sums();

  AppendFile file_, sums_;
  std::vector<Metric> columns_;
  bool sums_are_there_ = false;  // of the file as it is now
  Warn warn_;
};

// The header row and one row, without line ends.
std::string csv_header(std::span<const Metric> columns = metrics());
std::string csv_row(const Progress& progress, std::span<const Metric> columns = metrics());

}  // namespace ddpg
