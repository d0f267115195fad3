// An experiment: trainings that differ in nothing but their seed, in one folder; or, as a sweep, in some options too.
// docs/experiments.md says more.
//   - options.toml: the options of all seeds; a --config for `ddpg train`
//   - experiment.toml: the seeds, how many are trained at a time, the records that each keeps
//   - seed3/: the run folder of seed 3, made by the training itself; seed3.log: what that training said. Of a sweep
//     003-tau=0.01-seed3/
//   - summary.json: the result, written when all have ended
// Not here: the trainings, which are processes (experiment_jobs.h), and how they are shown (experiment_view.h).
#pragma once

#include <algorithm>
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

// What one configuration of a sweep sets, "KEY=VALUE" each, beside the options of all.
using Trial = std::vector<std::string>;

// One of the trainings: of a sweep which configuration's, and its seed.
struct RunKey {
  RunKey(std::uint64_t number, std::size_t configuration = 0) : seed(number), trial(configuration) {}  // NOLINT

  std::uint64_t seed;
  std::size_t trial;
};

struct ExperimentPlan {
  Options options;  // of all seeds; `seed` is not used
  SeedRange seeds;
  std::vector<Trial> trials = {};  // of a sweep; empty: seeds alone
  int jobs = 1;                    // trainings at a time
  RecordNames records;             // that each keeps beside progress.csv

  std::uint64_t runs() const { return seeds.count * std::max<std::uint64_t>(trials.size(), 1); }
  // In the order in which they are trained: each configuration with all its seeds.
  RunKey run(std::uint64_t place) const {
    return {seeds.first + place % seeds.count, static_cast<std::size_t>(place / seeds.count)};
  }
  // The options of that one.
  Options options_of(const RunKey& key) const;
  // "seed 3", or "trial 7 (tau=0.01 sigma=0.2), seed 3".
  std::string label(const RunKey& key) const;
};

// Trainings at a time that this machine has processors and memory for; at least 1, at most as many as there are seeds.
int suggested_jobs(const Options& options, std::uint64_t runs);

enum class SeedState { waiting, running, finished, interrupted, failed };
const char* state_name(SeedState state);

// How one seed stands.
struct SeedProgress {
  std::uint64_t seed = 0;
  std::size_t trial = 0;  // of a sweep
  SeedState state = SeedState::waiting;
  std::int64_t step = 0;
  std::int64_t steps = 0;                  // that it is to have
  double last_return = kNotMeasured;       // of the last evaluation
  double best_return = kNotMeasured;       // of the best
  double steps_per_second = kNotMeasured;  // of late, while it runs
  double seconds = kNotMeasured;           // once it has ended: of the whole training
  std::string error = {};                  // when it failed
  std::string criterion = {};              // of options.stop, which ended it before its last step

  RunKey key() const { return {seed, trial}; }
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
  std::filesystem::path run(const RunKey& key) const;
  std::filesystem::path log(const RunKey& key) const;

  // What of that seed's run is not of this experiment: an option that no run may have otherwise, its seed, its task; ""
  // when nothing is, or it has not begun. Throws where its config.toml cannot be read.
  std::string foreign(const RunKey& key) const;
  // Throws UsageError naming the runs that are not of this experiment, and what differs.
  void check_runs() const;
  // Throws UsageError when options.toml no longer has the options of the plan.
  void check_options() const;

  // How that seed stands, from its run folder alone: waiting where it has neither finished nor failed.
  SeedProgress look_at(const RunKey& key) const;

 private:
  ExperimentFolder(std::filesystem::path path, FolderLock lock);
  std::string name(const RunKey& key) const;

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

// Of a sweep: each configuration with the returns of its seeds, the best first.
struct TrialResult {
  std::size_t trial = 0;
  SeedStatistics over;
};
std::vector<TrialResult> over_trials(const ExperimentPlan& plan, const std::vector<SeedProgress>& seeds);

// Seconds until all seeds have ended, from the speeds of those that run; NaN while none is known.
double seconds_left(const std::vector<SeedProgress>& seeds, int jobs);

// The result with the keys of `ddpg train --seeds --json` (docs/command-line.md).
Json experiment_json(const ExperimentFolder& folder, const std::vector<SeedProgress>& seeds, double seconds);

}  // namespace ddpg
