// An experiment: trainings that differ in nothing but their seed, in one folder. docs/experiments.md says more.
//   - options.toml: the options of all seeds; a --config for `ddpg train`
//   - experiment.toml: the seeds, how many are trained at a time, the records that each keeps
//   - seed3/: the run folder of seed 3, made by the training itself; seed3.log: what that training said
//   - summary.json: the result, written when all have ended
// Not here: the trainings, which are processes (experiment_jobs.h), and how they are shown (experiment_view.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ddpg/observer.h"
#include "ddpg/options.h"
#include "run/record_kinds.h"
#include "support/folder_lock.h"
#include "support/json.h"

namespace ddpg {

struct SeedRange {
  std::uint64_t first = 0;
  std::uint64_t count = 1;

  std::uint64_t last() const { return first + (count - 1); }
};

inline constexpr std::uint64_t kMostSeeds = 10'000;

// "10": so many from `base` on; "3-7": those. Throws UsageError.
SeedRange read_seeds(std::string_view text, std::uint64_t base);

struct ExperimentPlan {
  Options options;  // of all seeds; `seed` is not used
  SeedRange seeds;
  int jobs = 1;         // trainings at a time
  RecordNames records;  // that each keeps beside progress.csv
};

// Trainings at a time that this machine has processors and memory for; at least 1, at most as many as there are seeds.
int suggested_jobs(const Options& options, SeedRange seeds);

enum class SeedState { waiting, running, finished, interrupted, failed };
const char* state_name(SeedState state);

// How one seed stands.
struct SeedProgress {
  std::uint64_t seed = 0;
  SeedState state = SeedState::waiting;
  std::int64_t step = 0;
  std::int64_t steps = 0;                  // that it is to have
  double last_return = kNotMeasured;       // of the last evaluation
  double best_return = kNotMeasured;       // of the best
  double steps_per_second = kNotMeasured;  // of late, while it runs
  double seconds = kNotMeasured;           // once it has ended: of the whole training
  std::string error = {};                  // when it failed
};

class ExperimentFolder {
 public:
  // Takes `path`, or where that is empty `root`/<environment>/<configuration_name()>-seeds<first>-<last> or the first
  // of -2, -3, ... that nobody has, and writes the plan. Throws UsageError when `path` holds anything.
  static ExperimentFolder create(const ExperimentPlan& plan, const std::filesystem::path& path,
                                 const std::filesystem::path& root = "runs");
  // Takes the experiment in `path` to resume it. Throws UsageError when another process is at it, or a run in it is
  // of another experiment.
  static ExperimentFolder open(const std::filesystem::path& path);
  static bool is_one(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  const ExperimentPlan& plan() const { return plan_; }
  void change_plan(const ExperimentPlan& plan);  // likewise in the files
  std::filesystem::path options_file() const { return path_ / "options.toml"; }
  std::filesystem::path summary_file() const { return path_ / "summary.json"; }
  std::filesystem::path run(std::uint64_t seed) const;
  std::filesystem::path log(std::uint64_t seed) const;

  // What of that seed's run is not of this experiment: an option that no run may have otherwise, its seed, its task; ""
  // when nothing is, or it has not begun. Throws where its config.toml cannot be read.
  std::string foreign(std::uint64_t seed) const;
  // Throws UsageError naming the runs that are not of this experiment, and what differs.
  void check_runs() const;
  // Throws UsageError when options.toml no longer has the options of the plan.
  void check_options() const;

  // How that seed stands, from its run folder alone: waiting where it has neither finished nor failed.
  SeedProgress look_at(std::uint64_t seed) const;

 private:
  ExperimentFolder(std::filesystem::path path, FolderLock lock);
  void write_plan() const;

  std::filesystem::path path_;
  FolderLock lock_;
  ExperimentPlan plan_;
};

// Over the seeds that have finished; NaN when there are none. Computed as a report does (report/statistics.h).
struct SeedStatistics {
  int seeds = 0;
  double mean = kNotMeasured, deviation = kNotMeasured;  // with n - 1; NaN for one seed
  double interquartile_mean = kNotMeasured;
  double worst = kNotMeasured, best = kNotMeasured;
  std::uint64_t worst_seed = 0, best_seed = 0;
};
SeedStatistics over_seeds(const std::vector<SeedProgress>& seeds);

// Seconds until all seeds have ended, from the speeds of those that run; NaN while none is known.
double seconds_left(const std::vector<SeedProgress>& seeds, int jobs);

// The result with the keys of `ddpg train --seeds --json` (docs/command-line.md).
Json experiment_json(const ExperimentFolder& folder, const std::vector<SeedProgress>& seeds, double seconds);

}  // namespace ddpg
