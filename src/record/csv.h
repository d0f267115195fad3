// The progress of a training as a table in a file, one row per Progress, for plots and spreadsheets.
#pragma once

#include <filesystem>
#include <string>

#include "ddpg/observer.h"

namespace ddpg {

// Writes progress.csv. Each row reaches the file whole, at once. Numbers are in the shortest form that reads back to
// the same bits; what was not measured is an empty field; the columns that depend on the clock come last. Throws Error
// naming the file when it cannot be written.
class CsvRecorder : public Observer {
 public:
  explicit CsvRecorder(std::filesystem::path file);  // opened when training starts
  ~CsvRecorder() override;
  CsvRecorder(const CsvRecorder&) = delete;
  CsvRecorder& operator=(const CsvRecorder&) = delete;

  void started(const RunStart& start) override;
  void progressed(const Progress& progress, const Policy& policy) override;

 private:
  void append(const std::string& line);

  std::filesystem::path file_;
  int descriptor_ = -1;
};

// The header row and one row, without line ends.
std::string csv_header();
std::string csv_row(const Progress& progress);

}  // namespace ddpg
