// What a report is about: runs sorted into groups of one configuration, groups into tasks, and what their seeds say
// together. Not here: how it looks (page.h, figure.h).
#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "record/run_record.h"
#include "report/curves.h"
#include "report/statistics.h"

namespace ddpg {

/// Runs with the same configuration but for the seed (and the threads, on which no result depends).
struct RunGroup {
  std::string name;   ///< "default, exploration.sigma=0.2"; of several tasks with the environment before
  std::string label;  ///< the name without the environment: within its task
  std::vector<const RunRecord*> runs;      ///< one for each seed, in their order: the one that came furthest
  std::vector<const RunRecord*> repeated;  ///< further runs of the same seeds: shown, but not counted twice
  std::vector<CurvePoint> curve;           ///< mean return of the test episodes
  std::vector<double> scores;              ///< at Task::score_step, of the runs that came so far or have ended_before
  std::size_t ended_before = 0;            ///< so many of these were ended by options.stop: their last returns
  double iqm = 0;
  Interval interval;  ///< 95 %; NaN with one run
  double mean = 0, deviation = 0;

  const Options& options() const { return *runs.front()->options; }
  /// Of the runs that measured it; steps_per_second only where updates were made.
  std::vector<Curve> curves(std::string_view column, bool evaluations_only = false) const;
};

struct Comparison {
  std::size_t x = 0, y = 0;  ///< places in Task::groups
  double probability = 0;    ///< that a run of x does better than one of y
  Interval interval;         ///< 95 %
};

struct Task {
  std::string environment;
  std::vector<RunGroup> groups;
  /// The largest step that every group has reached, but for those that options.stop ended; NaN when nothing was
  /// evaluated.
  double score_step = 0;
  int of_evaluations = 1;  ///< the score of a run is the mean of so many, the last of them at score_step
  std::vector<Comparison> comparisons;
};

struct Study {
  std::vector<RunRecord> runs;        ///< all of them, those left out too
  std::vector<Task> tasks;            ///< point into `runs`
  std::vector<std::string> left_out;  ///< one text for each run that is in no group: why

  Study() = default;
  Study(Study&&) = default;  // a moved vector keeps its elements where they are
  Study& operator=(Study&&) = default;
  Study(const Study&) = delete;
};

/// Reads every run in or below each of `folders`; one that is found twice is counted once. The score of a run is the
/// mean of its last `of_evaluations` (>= 1) returns. Throws UsageError when one of the folders is none or holds no run,
/// Error when none of the runs can be reported, Interrupted when `*stop` becomes true.
Study study_of(const std::vector<std::filesystem::path>& folders, const std::atomic<bool>* stop = nullptr,
               int of_evaluations = 1);

/// Every option and its value in TOML, those of the environment (env.KEY) last.
std::vector<std::pair<std::string, std::string>> flat(const Options& options);

}  // namespace ddpg
