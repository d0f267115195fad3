// A run folder read back: what was asked, how far it came, and how it ended. Every file is taken for one that anybody
// may have written: its size is bounded, and what cannot be read is named in `problems` while the rest is read. Not
// here: writing a run folder (run/run_folder.h).
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ddpg/observer.h"
#include "ddpg/options.h"
#include "run/progress_table.h"

namespace ddpg {

enum class RunState { running, finished, interrupted, failed };
const char* name_of(RunState state);

struct RunRecord {
  std::filesystem::path path;
  std::optional<Options> options;  ///< of config.toml; none when it could not be read
  ProgressTable progress;
  RunState state = RunState::interrupted;
  std::string message;           ///< why it failed; may be empty
  std::string criterion;         ///< which of options.stop ended it before its last step; "" when none did
  std::int64_t steps_done = 0;   ///< as far as any file says
  std::int64_t steps_asked = 0;  ///< 0: not known
  /// Of machine.json; "" where it does not say.
  std::string version, processor, system, compiler, kernels, started;
  double seconds = 0;  ///< that it has trained
  /// Mean return of the last evaluation, and of the best; NaN where there is none.
  double last_return = kNotMeasured, best_return = kNotMeasured;
  /// When the youngest of its files was written.
  std::filesystem::file_time_type updated = std::filesystem::file_time_type::min();
  std::vector<std::string> problems;  ///< "[run folder] progress.csv:3: ..."

  std::string environment() const { return options ? options->environment : ""; }
  /// What messages and the report call it: its path as it was given.
  std::string name() const { return path.string(); }
};

/// Whether `folder` holds a run: a config.toml, and beside it a file that only a training writes.
bool is_run_folder(const std::filesystem::path& folder);
/// The run in `folder`. Never throws for what is in it.
RunRecord read_run(const std::filesystem::path& folder);
/// Every run folder at or below `folder`, in the order of their names (seed2 before seed10). Links to folders are not
/// followed, and nothing is looked for inside a run. Throws Error when `folder` itself cannot be read; what cannot be
/// read below it is passed over, and told in `passed_over`. Throws Interrupted when `*stop` becomes true.
std::vector<std::filesystem::path> find_runs(const std::filesystem::path& folder,
                                             const std::atomic<bool>* stop = nullptr,
                                             std::vector<std::string>* passed_over = nullptr);
/// Whether a comes before b, numbers in names taken for numbers.
bool natural_less(std::string_view a, std::string_view b);

}  // namespace ddpg
