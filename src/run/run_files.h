// Which files of a folder are a run's own, what they show of it, and how a new run takes the place of a former one.
// Nothing here touches a file that is not a run's. Not here: when they are written (run_folder.h).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ddpg/options.h"
#include "run/record_kinds.h"

namespace ddpg {

// Whether `folder` has nothing in it that is anybody's: what a training left that was killed before it began does not
// count. Throws Error when it cannot be read.
bool holds_nothing(const std::filesystem::path& folder);

// "" where `folder` holds a run of ddpg's; else why it is none. Other programs have a config.toml, too.
std::string why_no_run(const std::filesystem::path& folder);

// "" where the run has made no step; else which file shows how many, such as "status.json is of 500 steps".
std::string what_shows_steps(const std::filesystem::path& run);

// Throws UsageError where something else stands in the place of a file that a resumed run writes, its records among
// them: a folder, a pipe. In those of machine.json and status.json, without which it can be, anything may stand.
void check_places_to_resume(const std::filesystem::path& folder);

// Puts a new run in the place of a former one, or of nothing. Once its first file is there the folder is the new run's:
// a process that is killed after that leaves a run that has not begun, and one that is killed before it leaves the
// former run as it was.
class Replacement {
 public:
  // Throws UsageError, with nothing changed, where something else stands in the place of one of a run's files.
  static void begin(const std::filesystem::path& folder, const Options& options, const RecordNames& records);
  static void finish(const std::filesystem::path& folder);

  static bool is_open(const std::filesystem::path& folder);
  // After a kill: brings the folder to where a run is that has not begun.
  static void complete(const std::filesystem::path& folder);
};

// Removes the checkpoints of the run in `folder`, unless a training is writing to it: then it throws UsageError.
void remove_checkpoints(const std::filesystem::path& folder);

// What lies in `folder`; nothing where there is none. Throws Error when it cannot be read.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder);
// Removes a file, never a folder, if there is one. Throws Error.
void remove_run_file(const std::filesystem::path& file);

}  // namespace ddpg
