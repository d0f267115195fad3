// ddpg resume: continues a run, whatever ended it. With an experiment: experiment.h.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "ddpg/error.h"
#include "experiment/experiment.h"
#include "program/experiment.h"
#include "program/interrupt.h"
#include "program/training.h"
#include "run/run_folder.h"
#include "run/run_status.h"
#include "support/shown.h"

namespace ddpg::cli {

namespace {

// A damaged status.json costs nothing: the checkpoints know how far the run is.
RunStatus status_of(const RunFolder& folder) {
  try {
    return read_status(folder.path());
  } catch (const Error&) {
    return {};
  }
}

void check_steps(const RunFolder& folder, const Options& options, std::int64_t given) {
  const RunStatus status = status_of(folder);
  const std::int64_t steps = options.steps;
  std::error_code unknown;
  const bool whole = std::filesystem::exists(folder.path() / "summary.json", unknown);  // else it is written again
  if (status.state == "finished" && steps <= status.step && whole) {
    throw UsageError(
        fmt::format("[resume] {} has finished its {} steps; --steps N with a larger number trains it for "
                    "longer",
                    shown(folder.path()), status.step));
  }
  if (given > 0 && given < status.step) {
    throw UsageError(
        fmt::format("[resume] --steps {}: {} has done {} steps already", given, shown(folder.path()), status.step));
  }
}

int run_resume(const ResumeArguments& resume, const Common& common) {
  if (resume.run.empty()) throw UsageError("which run? For example `ddpg resume runs/Pendulum-v1/default-seed0`");
  if (ExperimentFolder::is_one(resume.run)) return resume_experiment(resume, common);
  if (resume.jobs > 0) throw UsageError(fmt::format("--jobs is for experiments, and {} is none", shown(resume.run)));
  const std::atomic<bool>& stop = listen_for_interrupt(!resume.quiet);
  RunFolder folder = RunFolder::resume(resume.run);
  Options options = folder.options();
  if (resume.steps > 0) options.steps = resume.steps;
  if (resume.threads > 0) options.threads = resume.threads;
  check_steps(folder, options, resume.steps);
  return run_training(folder, options, {.quiet = resume.quiet, .resumes = true}, common, stop);
}

}  // namespace

Run add_resume(Flags& flags) {
  const auto resume = std::make_shared<ResumeArguments>();
  flags.argument("RUN", resume->run, "folder of the run, or of the experiment");
  flags.number("--steps", resume->steps, 1, kNoLimit,
               "environment steps in all, to train for longer [as many as the run was to have]");
  flags.number("--threads", resume->threads, 1, 256, "threads of computation; no result depends on it [as before]");
  flags.number("--jobs", resume->jobs, 1, 1'000, "seeds of an experiment trained at a time [as before]");
  flags.yes("--quiet", resume->quiet, "no progress on standard error, only errors");
  return [resume](const Common& common) { return run_resume(*resume, common); };
}

}  // namespace ddpg::cli
