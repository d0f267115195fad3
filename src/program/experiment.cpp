// Several seeds as one experiment: see experiment.h. The trainings are processes of this same program.
#include "program/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>
#include <vector>

#include "ddpg/error.h"
#include "experiment/experiment.h"
#include "experiment/experiment_jobs.h"
#include "experiment/experiment_view.h"
#include "program/interrupt.h"
#include "program/output.h"
#include "program/report.h"
#include "support/files.h"
#include "support/json.h"
#include "support/shown.h"

namespace ddpg::cli {

namespace {

ExperimentViewOptions view_options(const Common& common, int at_a_time) {
  ExperimentViewOptions options;
  options.write = write_progress;
  options.live = has_live_terminal();
  options.width = terminal_width;
  options.height = terminal_height;
  options.at_a_time = at_a_time;
  options.command = common.command();
  return options;
}

bool holds_words(const std::filesystem::path& log) {
  std::error_code unknown;
  const std::uintmax_t size = std::filesystem::file_size(log, unknown);
  return !unknown && size > 0;
}

// "2 of 10 seeds failed: 3, 7"
std::string failure_text(const ExperimentFolder& folder, const std::vector<SeedProgress>& seeds) {
  std::string names;
  std::size_t failed = 0;
  bool told = false;
  for (const SeedProgress& seed : seeds) {
    if (seed.state != SeedState::failed) continue;
    told = told || holds_words(folder.log(seed.key()));
    names += fmt::format("{}{}", failed++ == 0 ? "" : ", ",
                         folder.plan().trials.empty() ? std::to_string(seed.seed) : folder.plan().label(seed.key()));
  }
  if (failed == 0) return "";
  const bool sweep = !folder.plan().trials.empty();
  return fmt::format("{} of {} {} failed: {}; {} {}", failed, seeds.size(), sweep ? "trainings" : "seeds", names,
                     told ? "what each met, and what can be done about it, is in"
                          : "none of them could write what it met; is the disk full? Their logs would be",
                     shown(folder.path() / (sweep ? "*.log" : "seed*.log")));
}

int exit_code(const std::vector<SeedProgress>& seeds, bool stopped) {
  const auto any = [&](SeedState state) {
    return std::any_of(seeds.begin(), seeds.end(), [&](const SeedProgress& seed) { return seed.state == state; });
  };
  if (stopped && !std::all_of(seeds.begin(), seeds.end(),
                              [](const SeedProgress& seed) { return seed.state == SeedState::finished; }))
    return kInterrupted;
  return any(SeedState::failed) ? kFailed : any(SeedState::interrupted) ? kInterrupted : kDone;
}

int run_experiment(const ExperimentFolder& folder, bool quiet, const Job& job, const Common& common) {
  const auto before = std::chrono::steady_clock::now();
  const std::atomic<bool>& stop = listen_for_interrupt(!quiet);
  std::error_code ignored;
  std::filesystem::remove(folder.summary_file(), ignored);  // that of an earlier end is no longer true

  const std::filesystem::path& interpreter = common.itself.interpreter;
  const JobOptions starts = {.program = common.itself.file(),
                             // an interpreter finds what belongs to it by the name that it is called by
                             .name = interpreter.empty() ? common.program : interpreter.string(),
                             .first = common.first_words()};
  ExperimentJobs jobs(folder, starts, job.trainings(starts.program));
  ExperimentView view(folder, view_options(common, jobs.places()));
  if (!quiet) view.started(jobs.seeds());
  bool announced = false;
  jobs.run(stop, [&] {
    if (stop && !std::exchange(announced, true)) view.move_down();
    if (!quiet) view.changed(jobs.seeds());
  });
  const std::vector<SeedProgress>& seeds = jobs.seeds();

  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
  Json result = experiment_json(folder, seeds, seconds);
  std::string unwritten;  // the seeds' results are in their own folders, and are reported all the same
  try {
    write_file_atomically(folder.summary_file(), result.dump_lines());
  } catch (const Error& error) {
    unwritten = error.what();
  }
  if (!quiet) view.ended(seeds);
  try {
    const std::atomic<bool> never = false;  // a stop ended the trainings; their page is made all the same
    write_page(folder.path(), folder.path() / "report.html", stop ? never : stop);
    if (!quiet) print_message(fmt::format("the report is in {}", shown(folder.path() / "report.html")));
  } catch (const Error& error) {  // the runs are there all the same
    print_message(fmt::format("no report was written: {}", error.what()));
  }

  const int code = unwritten.empty() ? exit_code(seeds, stop) : kFailed;
  const std::string failed = failure_text(folder, seeds);
  const std::string failure = failed + (failed.empty() || unwritten.empty() ? "" : "\n") + unwritten;
  if (!failure.empty()) print_message(failure);
  if (common.json) {
    result["experiment"] = folder.path().string();
    if (code == kFailed) result["error"] = failure, result["exit_code"] = code;
    print_json(result);
  }
  return code;
}

}  // namespace

int start_experiment(const Options& options, const TrainArguments& train, const Job& job, const Common& common) {
  ExperimentPlan plan;
  plan.seeds = read_seeds(train.seeds, options.seed);
  plan.options = options;
  plan.options.seed = plan.seeds.first;
  if (options.steps == 0) plan.options.steps = find_environment(options.environment).suggested_steps;
  plan.jobs = train.jobs > 0 ? train.jobs : suggested_jobs(plan.options, plan.runs());
  plan.records = train.records;
  return run_experiment(ExperimentFolder::create(plan, train.run), train.quiet, job, common);
}

int start_sweep(const ExperimentPlan& plan, const std::string& run, bool quiet, const Job& job, const Common& common) {
  return run_experiment(ExperimentFolder::create(plan, run), quiet, job, common);
}

int resume_experiment(const ResumeArguments& resume, const Job& job, const Common& common) {
  ExperimentFolder folder = ExperimentFolder::open(resume.run);
  ExperimentPlan plan = folder.plan();
  if (resume.steps > 0) plan.options.steps = resume.steps;
  if (resume.threads > 0) plan.options.threads = resume.threads;
  if (resume.jobs > 0) plan.jobs = resume.jobs;
  for (std::size_t trial = 0; trial < std::max<std::size_t>(plan.trials.size(), 1); trial++)
    validate(plan.options_of({plan.seeds.first, trial}));
  for (std::uint64_t i = 0; i < plan.runs(); i++) {
    const SeedProgress seed = folder.look_at(plan.run(i));
    if (seed.step <= plan.options.steps) continue;
    throw UsageError(
        fmt::format("[resume] {} of {} has done {} steps already, more than {}; --steps N with as many or "
                    "more trains all of them so far",
                    plan.label(seed.key()), shown(folder.path()), seed.step, plan.options.steps));
  }
  if (resume.steps > 0 || resume.threads > 0 || resume.jobs > 0) folder.change_plan(plan);
  return run_experiment(folder, resume.quiet, job, common);
}

}  // namespace ddpg::cli
