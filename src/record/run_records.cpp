#include "record/run_records.h"

#include "record/csv.h"
#include "record/json_lines.h"
#include "record/tensorboard.h"
#include "run/run_files.h"

namespace ddpg {

namespace fs = std::filesystem;

namespace {

// Who writes the records of run/record_kinds.h.
struct Recorder {
  const char* name;
  std::unique_ptr<Observer> (*make)(const fs::path& folder, const Warn& warn);
};

constexpr Recorder kRecorders[] = {
    {"jsonl",
     [](const fs::path& folder, const Warn& warn) -> std::unique_ptr<Observer> {
       return std::make_unique<JsonLinesRecorder>(folder / "progress.jsonl", warn);
     }},
    {"tensorboard",
     [](const fs::path& folder, const Warn&) -> std::unique_ptr<Observer> {
       return std::make_unique<TensorBoardRecorder>(folder);
     }},
};

}  // namespace

RecordNames records_in(const fs::path& folder) {
  RecordNames names;
  for (const fs::path& file : files_in(folder))
    for (const RecordKind& kind : record_kinds())
      if (kind.owns(file.filename().native())) names.insert(kind.name);
  return names;
}

RunRecords::RunRecords(const fs::path& folder, const RecordNames& names, Warn warn) {
  recorders_.push_back(std::make_unique<CsvRecorder>(folder / "progress.csv", warn));
  for (const Recorder& recorder : kRecorders)
    if (names.contains(recorder.name)) recorders_.push_back(recorder.make(folder, warn));
}

void RunRecords::started(const RunStart& start) {
  for (const auto& recorder : recorders_) recorder->started(start);
}

void RunRecords::progressed(const Progress& progress, const Policy& policy) {
  for (const auto& recorder : recorders_) recorder->progressed(progress, policy);
}

}  // namespace ddpg
