// ddpg resume: goes on with a run, whatever ended it. With an experiment: experiment.h.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "ddpg/error.h"
#include "experiment/experiment.h"
#include "program/experiment.h"
#include "program/interrupt.h"
#include "program/training.h"
#include "program/verbs.h"
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

}  // namespace

int run(const ResumeArguments& resume, const Arguments& common) {
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

}  // namespace ddpg::cli
