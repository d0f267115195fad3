#include "record/run_records.h"

#include <fmt/format.h>

#include <utility>

#include "ddpg/error.h"
#include "record/csv.h"
#include "record/json_lines.h"
#include "record/tensorboard.h"

namespace ddpg {

namespace fs = std::filesystem;

namespace {

constexpr const char* kTable = "progress.csv";
constexpr const char* kLines = "progress.jsonl";

void remove_file(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);
  if (error) throw Error(fmt::format("[records] cannot remove {}: {}", file.string(), error.message()));
}

}  // namespace

RecordChoice records_in(const fs::path& folder) {
  std::error_code unknown;
  return {fs::exists(folder / kLines, unknown), !event_files(folder).empty()};
}

RunRecords::RunRecords(fs::path folder, RecordChoice choice, Warn warn) : folder_(std::move(folder)) {
  recorders_.push_back(std::make_unique<CsvRecorder>(folder_ / kTable, warn));
  if (choice.json_lines) recorders_.push_back(std::make_unique<JsonLinesRecorder>(folder_ / kLines, warn));
  if (choice.tensorboard) recorders_.push_back(std::make_unique<TensorBoardRecorder>(folder_));
}

void RunRecords::started(const RunStart& start) {
  if (start.step == 0 && start.rows == 0) {
    remove_file(folder_ / kLines);
    for (const fs::path& file : event_files(folder_)) remove_file(file);
  }
  for (const auto& recorder : recorders_) recorder->started(start);
}

void RunRecords::progressed(const Progress& progress, const Policy& policy) {
  for (const auto& recorder : recorders_) recorder->progressed(progress, policy);
}

}  // namespace ddpg
