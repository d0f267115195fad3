// ddpg resume: continues a run, whatever ended it. With an experiment: experiment.h.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "ddpg/error.h"
#include "experiment/experiment.h"
#include "options/option_changes.h"
#include "program/experiment.h"
#include "program/interrupt.h"
#include "program/training.h"
#include "record/run_record.h"
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
  const std::string criterion = status.state == "finished" ? read_run(folder.path()).criterion : "";
  if (!criterion.empty() && folder.options().stop == options.stop)
    throw UsageError(fmt::format(
        "[resume] {} was ended by {}; change it to go on, such as --set {}", shown(folder.path()), criterion,
        criterion.starts_with("stop.at_return") ? "stop.at_return=inf"
                                                : fmt::format("{}=0", criterion.substr(0, criterion.find(' ')))));
  if (given > 0 && given < status.step) {
    throw UsageError(
        fmt::format("[resume] --steps {}: {} has done {} steps already", given, shown(folder.path()), status.step));
  }
}

void change(Options& options, const RunFolder& folder, const std::string& flag, const std::string& text) {
  const auto [key, value] = assignment(flag, text);
  const OptionEntry* entry = find_option(key);
  if (entry != nullptr && may_change(*entry)) return set_option(options, key, value);
  const std::string why = key == "changes" ? "changes are added to by --set and --change" : why_unchangeable(key);
  if (!why.empty()) throw UsageError(fmt::format("{} {}: {}", flag, text, why));
  if (flag == "--set" && changes_what_is_learnt(key))
    throw UsageError(fmt::format(
        "--set {0}: it changes what is learnt; --change {0} does so, from the newest checkpoint on, and writes "
        "it into the run's config.toml",
        text));
  const std::int64_t step = step_of_checkpoint(folder.checkpoints());
  const auto later = std::ranges::upper_bound(options.changes, step, {},
                                              [](const std::string& planned) { return read_change(planned).step; });
  options.changes.insert(later, Change{step, key, value}.text());
}

void apply(const ResumeArguments& resume, const RunFolder& folder, Options& options) {
  for (const std::string& text : resume.set) change(options, folder, "--set", text);
  for (const std::string& text : resume.change) change(options, folder, "--change", text);
  if (!resume.set.empty() || !resume.change.empty()) validate(options);
}

// Its seeds are alike, and each stands at another step.
[[noreturn]] void refuse_changes(const ResumeArguments& resume) {
  const ExperimentPlan plan = ExperimentFolder::open(resume.run).plan();
  const bool changes = resume.set.empty();
  const std::string what = changes ? "changes=STEP " + resume.change.front() : resume.set.front();
  throw UsageError(
      fmt::format("--set and --change are for single runs, and {} is an experiment, whose seeds are alike. {} {}",
                  shown(resume.run),
                  changes ? "A new one makes that change in all of its seeds, from a step on that you name:"
                          : "A new one has it in all of its seeds:",
                  plan.trials.empty() ? fmt::format("ddpg train --config {} --seeds {}-{} --set {}",
                                                    typed(std::filesystem::path(resume.run) / "options.toml"),
                                                    plan.seeds.first, plan.seeds.last(), typed(what))
                                      : "write it into the file of the sweep, before [sweep]"));
}

int run_resume(const ResumeArguments& resume, const Common& common) {
  if (resume.run.empty()) throw UsageError("which run? For example `ddpg resume runs/Pendulum-v1/default-seed0`");
  if (ExperimentFolder::is_one(resume.run)) {
    if (!resume.set.empty() || !resume.change.empty()) refuse_changes(resume);
    if (resume.actors.lockstep) throw UsageError(kNoLockstep);
    Job job(resume.actors);
    return job.serves() ? job.train() : resume_experiment(resume, job, common);
  }
  if (resume.jobs > 0) throw UsageError(fmt::format("--jobs is for experiments, and {} is none", shown(resume.run)));
  Job job(resume.actors);
  if (job.serves()) return job.play();
  const std::atomic<bool>& stop = listen_for_interrupt(!resume.quiet);
  RunFolder folder = RunFolder::resume(resume.run);
  Options options = folder.options();
  if (resume.steps > 0) options.steps = resume.steps;
  if (resume.threads > 0) options.threads = resume.threads;
  apply(resume, folder, options);
  check_steps(folder, options, resume.steps);
  return run_training(
      folder, options,
      {.quiet = resume.quiet, .resumes = true, .elsewhere = job.elsewhere(), .processes = job.processes()}, common,
      stop);
}

}  // namespace

void add_resume_flags(Flags& flags, ResumeArguments& resume) {
  flags.argument("RUN", resume.run, "folder of the run, or of the experiment");
  flags.number("--steps", resume.steps, 1, kNoLimit,
               "environment steps in all, to train for longer [as many as the run was to have]");
  flags.number("--threads", resume.threads, 1, 256, "threads of computation; no result depends on it [as before]");
  flags.each(
      "--set", "KEY=VALUE", [&resume](const std::string& text) { resume.set.push_back(text); },
      "change how the run is told, kept or ended; may be repeated");
  flags.each(
      "--change", "KEY=VALUE", [&resume](const std::string& text) { resume.change.push_back(text); },
      "change what is learnt, from the newest checkpoint on; kept in config.toml; may be repeated");
  flags.number("--jobs", resume.jobs, 1, 1'000, "seeds of an experiment trained at a time [as before]");
  add_actors(flags, resume.actors);
  flags.yes("--quiet", resume.quiet, "no progress on standard error, only errors");
}

Run add_resume(Flags& flags) {
  const auto resume = std::make_shared<ResumeArguments>();
  add_resume_flags(flags, *resume);
  return [resume](const Common& common) { return run_resume(*resume, common); };
}

}  // namespace ddpg::cli
