// What a run folder says of the run's state: status.json while it runs and after, summary.json at the end. Not here:
// when they are written (run_folder.h).
#pragma once

#include <filesystem>
#include <string>

#include "ddpg/observer.h"
#include "support/json.h"

namespace ddpg {

// How a run stands, from its status.json.
struct RunStatus {
  std::string state;  // "running", "finished", "interrupted" or "failed"; "" when there is no such file
  std::int64_t step = 0, steps = 0;
  std::int64_t process = 0;  // id of the process that writes or wrote it
  std::string host;
};
// Throws Error when it cannot be read.
RunStatus read_status(const std::filesystem::path& run);
// Of this process, now. `started`: as utc_now() gave it.
Json status_json(const char* state, std::int64_t step, std::int64_t steps, const std::string& started,
                 const std::string& message);
// Whether the process that it names is alive, as far as this host can see.
bool writer_lives(const RunStatus& status);

// e.g. 2026-01-31T23:59:59Z
std::string utc_now();

// "finished", "interrupted" or "failed".
const char* outcome_name(Outcome outcome);

// A training's result with the keys of `ddpg train --json` (docs/command-line.md), without those that say where the
// files are.
Json summary_json(const Options& options, const Summary& summary);

}  // namespace ddpg
