// ddpg train: options from preset, config and flags; a run folder; the training; its result.
#include <fmt/format.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "ddpg/error.h"
#include "ddpg/train.h"
#include "interrupt.h"
#include "output.h"
#include "record/console.h"
#include "record/run_records.h"
#include "run/run_folder.h"
#include "support/files.h"
#include "verbs.h"

namespace ddpg::cli {

namespace {

// Lays the config over the options. A preset named in it counts as if given by --preset, so two different ones are a
// contradiction.
void lay_config(Options& options, const TrainArguments& train) {
  std::string text;
  try {
    text = read_file(train.config);
  } catch (const Error& error) {
    throw UsageError(fmt::format("--config {}: {}", train.config, error.what()));
  }
  Options probe;
  probe.preset = train.preset;
  apply_toml(probe, text, train.config);
  if (!train.preset.empty() && probe.preset != train.preset) {
    throw UsageError(fmt::format("--preset {} contradicts preset = \"{}\" in {}; leave one of them out", train.preset,
                                 probe.preset, train.config));
  }
  apply_toml(options, text, train.config);
}

// Preset, then config, then flags in their order.
Options resolve(const TrainArguments& train) {
  Options options = train.preset.empty() ? Options{} : find_preset(train.preset).options;
  if (!train.config.empty()) lay_config(options, train);
  if (!train.environment.empty()) options.environment = train.environment;
  for (const auto& [key, value] : train.assignments) set_option(options, key, value);
  if (options.environment.empty()) {
    throw UsageError("which environment? For example `ddpg train Pendulum-v1`; `ddpg envs` lists them all.");
  }
  find_environment(options.environment);
  validate(options);
  make_environment(options.environment, options.env);  // refuses settings that it does not know
  return options;
}

RunFolder open_folder(const TrainArguments& train, const Options& options) {
  if (!train.run.empty()) return RunFolder::at(train.run, train.overwrite);
  if (!train.overwrite) return RunFolder::next_free(options);
  throw UsageError("--overwrite needs --run DIR: without it a new folder is taken and nothing is overwritten");
}

ConsoleOptions console_options(const RunFolder& folder, const Arguments& common) {
  ConsoleOptions options;
  options.write = write_progress;
  options.live = has_live_terminal();
  options.width = terminal_width;
  options.run = folder.path();
  options.command = common.program;
  return options;
}

// A training that fails on its way leaves what it has written; the message says where.
Summary train_in(const RunFolder& folder, const Options& options, const std::vector<Observer*>& observers,
                 const std::atomic<bool>& stop) {
  try {
    return ddpg::train(options, observers, &stop).summary;
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    if (!folder.has_started()) throw;
    throw Error(fmt::format("{}\nWhat was recorded until then is in {}.", error.what(), folder.path().string()));
  }
}

}  // namespace

int run(const TrainArguments& train, const Arguments& common) {
  const Options options = resolve(train);
  const std::atomic<bool>& stop = listen_for_interrupt(!train.quiet);
  RunFolder folder = open_folder(train, options);
  RunRecords records(folder.path(), {train.json_lines, train.tensorboard}, print_message);
  std::optional<Console> console;
  std::vector<Observer*> observers = {&folder, &records};
  if (!train.quiet) observers.push_back(&console.emplace(console_options(folder, common)));

  const Summary summary = train_in(folder, options, observers, stop);

  if (common.json) {
    nlohmann::ordered_json result = summary_json(options, summary);
    result["run"] = folder.path().string();
    result["policy"] = folder.policy_file().string();
    print_json(result);
  }
  return summary.outcome == Outcome::interrupted ? kInterrupted : kDone;
}

}  // namespace ddpg::cli
