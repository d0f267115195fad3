#include "report/study.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "ddpg/error.h"
#include "options/option_table.h"
#include "report/group_names.h"
#include "support/math.h"
#include "support/paths.h"
#include "support/shown.h"
#include "support/stop.h"

namespace ddpg {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> all_runs(const std::vector<fs::path>& folders, const std::atomic<bool>* stop,
                               std::vector<std::string>& left_out) {
  std::vector<fs::path> found;
  std::set<fs::path> known;
  for (const fs::path& folder : folders) {
    if (!is_there(folder)) throw UsageError(fmt::format("{}: there is no such folder", shown(folder)));
    if (!is_folder(folder)) {
      throw UsageError(
          fmt::format("{}: expected the folder of a run, or one that holds runs; this is a file", shown(folder)));
    }
    const std::vector<fs::path> runs = find_runs(folder, stop, &left_out);
    if (runs.empty()) {
      throw UsageError(fmt::format(
          "{}: there is no run in it; a run is a folder with a config.toml, as `ddpg train` leaves it", shown(folder)));
    }
    for (const fs::path& run : runs) {
      std::error_code unknown;
      const fs::path canonical = fs::weakly_canonical(run, unknown);
      if (known.insert(unknown ? run : canonical).second) found.push_back(run);
    }
  }
  return found;
}

std::string reason_to_leave_out(const RunRecord& run) {
  if (run.options && run.progress.rows() > 0) return "";
  if (!run.problems.empty()) return run.problems.front();
  return fmt::format("{}: no progress yet", shown(run.path));
}

// A seed that was run more than once counts once: its runs are equal to the bit, and would make the band too narrow.
void add_run(RunGroup& group, const RunRecord& run) {
  const auto same_seed = std::find_if(group.runs.begin(), group.runs.end(), [&](const RunRecord* other) {
    return other->options->seed == run.options->seed;
  });
  if (same_seed == group.runs.end()) {
    group.runs.push_back(&run);
  } else if (run.steps_done > (*same_seed)->steps_done) {
    group.repeated.push_back(std::exchange(*same_seed, &run));
  } else {
    group.repeated.push_back(&run);
  }
}

// Runs that agree in it are of one configuration.
std::string configuration_of(const Options& options) {
  std::string text;
  for (const OptionEntry& entry : option_table())
    if (is_of_a_configuration(entry)) text += entry.value(options) + "\n";  // values in TOML have no line ends
  for (const auto& [key, setting] : options.env) text += to_toml_key(key) + " = " + to_toml_value(setting) + "\n";
  return text;
}

// Sorts runs into tasks and groups, each by one look-up: a sweep may have thousands.
class Sorter {
 public:
  explicit Sorter(std::vector<Task>& tasks) : tasks_(tasks) {}

  void place(const RunRecord& run) {
    const Options& options = *run.options;
    const auto [task, new_task] = task_of_.try_emplace(options.environment, tasks_.size());
    if (new_task) tasks_.emplace_back().environment = options.environment;
    std::vector<RunGroup>& groups = tasks_[task->second].groups;
    const auto [group, new_group] = group_of_.try_emplace(configuration_of(options), groups.size());
    if (new_group) groups.emplace_back();
    add_run(groups[group->second], run);
  }

 private:
  std::vector<Task>& tasks_;
  std::map<std::string, std::size_t> task_of_, group_of_;  // by environment, by configuration: places in their lists
};

// A seed that one of options.stop ended has come as far as it was to: its last tests count from there on.
void score(RunGroup& group, const Task& task, const std::atomic<bool>* stop) {
  for (const RunRecord* run : group.runs) {
    const Curve curve = curve_of(run->progress, "evaluation_mean_return", true);
    if (curve.empty()) continue;
    const double step = run->criterion.empty() ? task.score_step : std::min(task.score_step, curve.steps.back());
    const double value = mean_up_to(curve, step, task.of_evaluations);
    if (std::isnan(value)) continue;
    group.scores.push_back(value);
    if (step < task.score_step) group.ended_before++;
  }
  group.iqm = interquartile_mean(group.scores);
  group.mean = mean(group.scores);
  group.deviation = sample_deviation(group.scores);
  group.interval = {kNaN, kNaN};
  if (group.scores.size() > 1)
    group.interval = Bootstrap(group.scores.size(), kScoreRepetitions).interquartile_mean_interval(group.scores, stop);
}

void compare(Task& task, const std::atomic<bool>* stop) {
  for (std::size_t x = 0; x < task.groups.size(); x++) {
    for (std::size_t y = 0; y < task.groups.size(); y++) {
      const std::vector<double>&of_x = task.groups[x].scores, &of_y = task.groups[y].scores;
      if (x == y || of_x.empty() || of_y.empty()) continue;
      task.comparisons.push_back(
          {x, y, probability_of_improvement(of_x, of_y), improvement_interval(of_x, of_y, kCurveRepetitions, stop)});
    }
  }
}

void analyse(Task& task, const std::atomic<bool>* stop) {
  constexpr std::size_t kMostCompared = 12;  // groups, each with each
  task.score_step = std::numeric_limits<double>::infinity();
  double furthest = kNaN;
  for (RunGroup& group : task.groups) {
    std::sort(group.runs.begin(), group.runs.end(),
              [](const RunRecord* a, const RunRecord* b) { return a->options->seed < b->options->seed; });
    group.curve = aggregate(group.curves("evaluation_mean_return", true), Band::bootstrap, 2'000, stop);
    if (group.curve.empty()) continue;
    furthest = std::fmax(furthest, group.curve.back().step);
    const bool has_ended = std::ranges::none_of(group.runs, [](const auto* run) { return run->criterion.empty(); });
    if (!has_ended) task.score_step = std::min(task.score_step, group.curve.back().step);
  }
  if (std::isinf(task.score_step)) task.score_step = furthest;
  for (RunGroup& group : task.groups) score(group, task, stop);
  if (task.groups.size() <= kMostCompared) compare(task, stop);
}

}  // namespace

std::vector<Curve> RunGroup::curves(std::string_view column, bool evaluations_only) const {
  std::vector<Curve> measured;
  for (const RunRecord* run : runs) {
    Curve one =
        column == "steps_per_second" ? throughput_of(run->progress) : curve_of(run->progress, column, evaluations_only);
    if (!one.empty()) measured.push_back(std::move(one));
  }
  return measured;
}

std::vector<std::pair<std::string, std::string>> flat(const Options& options) {
  std::vector<std::pair<std::string, std::string>> values;
  for (const OptionEntry& entry : option_table()) values.emplace_back(entry.name, entry.value(options));
  for (const auto& [key, setting] : options.env) values.emplace_back("env." + to_toml_key(key), to_toml_value(setting));
  return values;
}

Study study_of(const std::vector<fs::path>& folders, const std::atomic<bool>* stop, int of_evaluations) {
  Study study;
  for (const fs::path& folder : all_runs(folders, stop, study.left_out)) {
    throw_if_stopped(stop, "a report");
    study.runs.push_back(read_run(folder));
  }
  Sorter sorter(study.tasks);
  for (const RunRecord& run : study.runs) {
    const std::string reason = reason_to_leave_out(run);
    if (reason.empty()) {
      sorter.place(run);
    } else {
      study.left_out.push_back(reason);
    }
  }
  if (study.tasks.empty()) {
    throw Error(fmt::format("[report] none of the {} can be reported: {}",
                            study.runs.size() == 1 ? "runs" : fmt::format("{} runs", study.runs.size()),
                            study.left_out.front()));
  }
  for (Task& task : study.tasks) {
    task.of_evaluations = of_evaluations;
    analyse(task, stop);
  }
  name_groups(study.tasks);
  return study;
}

}  // namespace ddpg
