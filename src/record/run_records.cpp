#include "record/run_records.h"

#include "record/csv.h"
#include "record/json_lines.h"
#include "record/tensorboard.h"

namespace ddpg {

namespace fs = std::filesystem;

namespace {

constexpr const char* kTable = "progress.csv";
constexpr const char* kLines = "progress.jsonl";

}  // namespace

RecordChoice records_in(const fs::path& folder) {
  std::error_code unknown;
  return {fs::exists(folder / kLines, unknown), !event_files(folder).empty()};
}

RunRecords::RunRecords(const fs::path& folder, RecordChoice choice, Warn warn) {
  recorders_.push_back(std::make_unique<CsvRecorder>(folder / kTable, warn));
  if (choice.json_lines) recorders_.push_back(std::make_unique<JsonLinesRecorder>(folder / kLines, warn));
  if (choice.tensorboard) recorders_.push_back(std::make_unique<TensorBoardRecorder>(folder));
}

void RunRecords::started(const RunStart& start) {
  for (const auto& recorder : recorders_) recorder->started(start);
}

void RunRecords::progressed(const Progress& progress, const Policy& policy) {
  for (const auto& recorder : recorders_) recorder->progressed(progress, policy);
}

}  // namespace ddpg
