// The records that a run keeps in its folder: the table always, JSON lines and TensorBoard where they were asked for.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "ddpg/observer.h"
#include "record/append_file.h"
#include "run/record_kinds.h"

namespace ddpg {

// Which records are in `folder`: those that a resumed training continues.
RecordNames records_in(const std::filesystem::path& folder);

// Writes them all.
class RunRecords : public Observer {
 public:
  RunRecords(const std::filesystem::path& folder, const RecordNames& names, Warn warn = {});

  void started(const RunStart& start) override;
  void progressed(const Progress& progress, const Policy& policy) override;

 private:
  std::vector<std::unique_ptr<Observer>> recorders_;
};

}  // namespace ddpg
