// ddpg sweep: many configurations as one experiment. Which: experiment/sweep.h.
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "ddpg/error.h"
#include "experiment/experiment.h"
#include "experiment/sweep.h"
#include "program/actors.h"
#include "program/experiment.h"
#include "run/record_kinds.h"
#include "support/files.h"
#include "support/shown.h"

namespace ddpg::cli {

namespace {

struct SweepArguments {
  std::string file, run;
  int jobs = 0;
  bool quiet = false;
  RecordNames records;
  ActorsArguments actors;
};

std::string read_sweep_file(const std::string& file) try {
  return read_named_file(file, kLongestText);
} catch (const Error& error) {
  throw UsageError(fmt::format("{}: {}", shown(file), error.what()));
}

int run_sweep(const SweepArguments& sweep, const Common& common) {
  if (sweep.file.empty()) throw UsageError("which file? docs/experiments.md shows one: `ddpg sweep tau.toml`");
  Job job(sweep.actors);
  if (job.serves()) return job.train();
  ExperimentPlan plan = read_sweep(read_sweep_file(sweep.file), shown(sweep.file));
  plan.jobs = sweep.jobs > 0 ? sweep.jobs : suggested_jobs(plan.options, plan.runs());
  plan.records = sweep.records;
  return start_sweep(plan, sweep.run, sweep.quiet, job, common);
}

}  // namespace

Run add_sweep(Flags& flags) {
  const auto sweep = std::make_shared<SweepArguments>();
  flags.argument("FILE", sweep->file, "a config with a table [sweep] that says which options to try");
  flags.text("--run", sweep->run, "DIR", "folder of the sweep [runs/ENV/PRESET-sweep-seedsA-B]");
  flags.number("--jobs", sweep->jobs, 1, 1'000, "trainings at a time [as many as there are processors and memory for]");
  flags.text("--actors", sweep->actors.engine, "mpi", kTrainsElsewhere);
  flags.yes("--quiet", sweep->quiet, "no progress on standard error, only errors");
  for (const RecordKind& kind : record_kinds())
    flags.each_time(
        fmt::format("--{}", kind.name), [sweep, name = kind.name] { sweep->records.insert(name); }, kind.help);
  return [sweep](const Common& common) { return run_sweep(*sweep, common); };
}

}  // namespace ddpg::cli
