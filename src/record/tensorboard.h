// The progress of a training for TensorBoard: `tensorboard --logdir runs` shows every run below it as curves.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ddpg/observer.h"
#include "record/append_file.h"
#include "record/metrics.h"

namespace ddpg {

struct TensorBoardOptions {
  std::function<double()> wall_time;  // seconds since 1970; the system's clock when empty
  std::string host;                   // for the file's name; this machine's when empty
};

// Writes an event file into `folder`: events.out.tfevents.<seconds since 1970>.<host>.<process>.0. One event for each
// row, which holds every metric that was measured as a scalar under its tag (docs/metrics.md), as a float. A resumed
// training begins a file of its own with its first new row, behind the former ones, whose start makes readers drop what
// came after the row that it resumes from. Throws Error naming the file when it cannot be written.
class TensorBoardRecorder : public Observer {
 public:
  explicit TensorBoardRecorder(std::filesystem::path folder, TensorBoardOptions options = {});

  void started(const RunStart& start) override;
  void progressed(const Progress& progress, const Policy& policy) override;

 private:
  void begin_file();

  std::filesystem::path folder_;
  TensorBoardOptions options_;
  std::optional<AppendFile> file_;
  std::int64_t first_step_ = 0;  // from which on what was recorded before is recorded again
  std::vector<Metric> metrics_;
};

// The event files in `folder`, in the order in which TensorBoard reads them.
std::vector<std::filesystem::path> event_files(const std::filesystem::path& folder);

}  // namespace ddpg
