// A training in a run folder: see training.h.
#include "program/training.h"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "ddpg/error.h"
#include "ddpg/train.h"
#include "group/group.h"
#include "options/option_changes.h"
#include "program/output.h"
#include "record/console.h"
#include "record/run_records.h"
#include "run/checkpoints.h"
#include "run/run_status.h"
#include "run/training.h"
#include "support/divergence.h"
#include "support/json.h"
#include "support/shown.h"

namespace ddpg::cli {

namespace {

ConsoleOptions console_options(const RunFolder& folder, const Common& common) {
  ConsoleOptions options;
  options.write = write_progress;
  options.live = has_live_terminal();
  options.width = terminal_width;
  options.run = folder.path();
  options.command = common.command();
  return options;
}

// Without a console: warnings are no progress.
class Warnings : public Observer {
 public:
  void started(const RunStart& start) override { show(start.warning); }
  void progressed(const Progress& progress, const Policy&) override { show(progress.warning); }
  static void show(const std::string& warning) {
    if (!warning.empty()) print_message("warning: " + warning);
  }
};

// What can be done about a training that failed on its way. What it recorded is there.
std::string advice(const RunFolder& folder, const Options& options, const std::string& command,
                   const std::exception* error) {
  const std::string kept = fmt::format("What was recorded until then is in {}", shown(folder.path()));
  const bool of_environment =
      error && is_a<EnvironmentFailure>(*error) && !is_a<TimedOut>(*error) && !is_a<Lost>(*error);
  const bool no_help = (error && is_a<NeverSteps>(*error)) ||
                       with_changes(options, options.changes.size()).on_breakdown == OnBreakdown::end_episode;
  if (of_environment && !list_checkpoints(folder.checkpoints()).empty())
    return no_help
               ? fmt::format(
                     "{}. It failed again and again, which on_breakdown = \"end_episode\" does not help; once the "
                     "environment is mended, {} resume {} continues from the last checkpoint",
                     kept, command, typed(folder.path()))
               : fmt::format(
                     "{}. A simulator that computes the same each time fails there again when the run is resumed as it "
                     "is: with {} resume {} --change on_breakdown=end_episode such a failure ends its episode, not the "
                     "training",
                     kept, command, typed(folder.path()));
  if (error && is_a<Divergence>(*error))
    return fmt::format(
        "{}. The same options and seed end there again, resumed or not: change an option in a new run, {} "
        "train --config {} --set KEY=VALUE",
        kept, command, typed(folder.path() / "config.toml"));
  if (list_checkpoints(folder.checkpoints()).empty())
    return fmt::format("{}; there is no checkpoint to resume from.", kept);
  return fmt::format("{}; `{} resume {}` continues from the last checkpoint.", kept, command, typed(folder.path()));
}

Summary train_in(const RunFolder& folder, const Options& options, const TrainingRun& how, const std::string& command,
                 const std::vector<Observer*>& observers, const std::atomic<bool>& stop) {
  const std::string checkpoints = folder.checkpoints().string();
  Summary summary;
  try {
    summary = (how.resumes ? resume(options, checkpoints, observers, &stop, how.elsewhere)
                           : train(options, observers, &stop, checkpoints, how.elsewhere))
                  .summary;
  } catch (const Error& error) {
    if (!folder.has_started()) throw;  // nothing was written: a UsageError ends with 2, Interrupted with 130
    throw Error(fmt::format("{}\n{}", error.what(), advice(folder, options, command, &error)));
  }
  if (summary.outcome == Outcome::failed)
    throw Error(fmt::format("{}\n{}", summary.error, advice(folder, options, command, nullptr)));
  return summary;
}

}  // namespace

std::pair<std::string, std::string> assignment(const std::string& flag, const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw UsageError(
        fmt::format("{}: expected KEY=VALUE, such as exploration.sigma=0.2, found \"{}\"", flag, shown(text)));
  return {text.substr(0, equals), text.substr(equals + 1)};
}

std::int64_t step_of_checkpoint(const std::filesystem::path& checkpoints) {
  const auto files = list_checkpoints(checkpoints);
  if (files.empty()) return 0;
  const std::string name = files.front().stem().string();
  return whole_number(name, name.substr(name.rfind('-') + 1), 0, kNoLimit);
}

int run_training(RunFolder& folder, const Options& options, const TrainingRun& how, const Common& common,
                 const std::atomic<bool>& stop) {
  const RecordNames names = how.resumes ? records_in(folder.path()) : how.records;
  std::optional<Console> console;
  Warnings warnings;
  if (!how.quiet) console.emplace(console_options(folder, common));
  const auto warn = [&console](const std::string& text) { console ? console->warn(text) : Warnings::show(text); };
  RunRecords records(folder.path(), names, warn);
  folder.set_records(&records, names);
  folder.set_warn(warn);
  const std::vector<Observer*> observers = {&folder, console ? static_cast<Observer*>(&*console) : &warnings};

  const std::string command =
      how.processes == 0 ? common.command() : fmt::format("{} launch -n {} --", common.command(), how.processes);
  const Summary summary = train_in(folder, options, how, command, observers, stop);

  if (common.json) {
    Json result = summary_json(options, summary);
    result["run"] = folder.path().string();
    result["policy"] = folder.policy_file().string();
    print_json(result);
  }
  return summary.outcome == Outcome::interrupted ? kInterrupted : kDone;
}

}  // namespace ddpg::cli
