// The progress of a training as JSON lines, one object per Progress, for programs that read along.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "ddpg/observer.h"
#include "record/append_file.h"
#include "record/metrics.h"

namespace ddpg {

// Writes progress.jsonl: the keys are the columns of progress.csv, in their order; what was not measured is null, and
// so is an infinity, which JSON has no word for. Otherwise as CsvRecorder.
class JsonLinesRecorder : public Observer {
 public:
  explicit JsonLinesRecorder(std::filesystem::path file, Warn warn = {});

  void started(const RunStart& start) override;
  void progressed(const Progress& progress, const Policy& policy) override;

 private:
  AppendFile file_;
  std::vector<Metric> keys_;
  Warn warn_;
};

// Without the line end.
std::string json_line(const Progress& progress, std::span<const Metric> keys = metrics());

}  // namespace ddpg
