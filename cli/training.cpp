// A training in a run folder: see training.h.
#include "training.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "ddpg/error.h"
#include "ddpg/train.h"
#include "output.h"
#include "record/console.h"
#include "record/run_records.h"
#include "run/run_status.h"
#include "support/shown.h"
#include "verbs.h"

namespace ddpg::cli {

namespace {

ConsoleOptions console_options(const RunFolder& folder, const Arguments& common) {
  ConsoleOptions options;
  options.write = write_progress;
  options.live = has_live_terminal();
  options.width = terminal_width;
  options.run = folder.path();
  options.command = common.program;
  return options;
}

// Without a console: warnings are no progress.
class Warnings : public Observer {
 public:
  void started(const RunStart& start) override { tell(start.warning); }
  void progressed(const Progress& progress, const Policy&) override { tell(progress.warning); }
  static void tell(const std::string& warning) {
    if (!warning.empty()) print_message("warning: " + warning);
  }
};

// A training that fails on its way leaves what it has written; the message says where.
Summary train_in(const RunFolder& folder, const Options& options, bool resumes, const std::vector<Observer*>& observers,
                 const std::atomic<bool>& stop) {
  const std::string checkpoints = folder.checkpoints().string();
  try {
    return (resumes ? resume(options, checkpoints, observers, &stop) : train(options, observers, &stop, checkpoints))
        .summary;
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    if (!folder.has_started()) throw;
    throw Error(
        fmt::format("{}\nWhat was recorded until then is in {}; `ddpg resume {}` goes on from the last checkpoint.",
                    error.what(), shown(folder.path()), typed(folder.path())));
  }
}

}  // namespace

int run_training(RunFolder& folder, const Options& options, const TrainingRun& how, const Arguments& common,
                 const std::atomic<bool>& stop) {
  const RecordChoice choice = how.resumes ? records_in(folder.path()) : how.records;
  std::optional<Console> console;
  Warnings warnings;
  if (!how.quiet) console.emplace(console_options(folder, common));
  const auto warn = [&console](const std::string& text) { console ? console->warn(text) : Warnings::tell(text); };
  RunRecords records(folder.path(), choice, warn);
  folder.set_records(&records);
  folder.set_warn(warn);
  const std::vector<Observer*> observers = {&folder, console ? static_cast<Observer*>(&*console) : &warnings};

  const Summary summary = train_in(folder, options, how.resumes, observers, stop);

  if (common.json) {
    nlohmann::ordered_json result = summary_json(options, summary);
    result["run"] = folder.path().string();
    result["policy"] = folder.policy_file().string();
    print_json(result);
  }
  return summary.outcome == Outcome::interrupted ? kInterrupted : kDone;
}

}  // namespace ddpg::cli
