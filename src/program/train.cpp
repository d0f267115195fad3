// ddpg train: options from preset, config and flags, and a run folder. The training itself: training.h.
#include <fmt/format.h>

#include <atomic>

#include "ddpg/error.h"
#include "ddpg/train.h"
#include "envs/source_files.h"
#include "program/experiment.h"
#include "program/interrupt.h"
#include "program/training.h"
#include "program/verbs.h"
#include "run/beginning.h"
#include "run/run_folder.h"
#include "support/files.h"
#include "support/shown.h"

namespace ddpg::cli {

namespace {

// Lays the config over the options. A preset named in it counts as if given by --preset, so two different ones are a
// contradiction.
void lay_config(Options& options, const TrainArguments& train) {
  std::string text;
  try {
    text = read_named_file(train.config, kLongestText);
  } catch (const Error& error) {
    throw UsageError(fmt::format("--config {}: {}", shown(train.config), error.what()));
  }
  Options probe;
  probe.preset = train.preset;
  apply_toml(probe, text, shown(train.config));
  if (!train.preset.empty() && probe.preset != train.preset) {
    throw UsageError(fmt::format("--preset {} contradicts preset = \"{}\" in {}; leave one of them out", train.preset,
                                 probe.preset, shown(train.config)));
  }
  apply_toml(options, text, shown(train.config));
}

// Those of the run to start from, but for what that one started from. Its actor acts from the first step.
Options options_of_run(const TrainArguments& train) {
  const std::filesystem::path config = std::filesystem::path(train.from) / "config.toml";
  Options options;
  try {
    apply_toml(options, read_named_file(config, kLongestText), shown(config));
  } catch (const Error& error) {
    throw UsageError(fmt::format("--from {}: expected the folder of a run: {}", shown(train.from), error.what()));
  }
  options.initial_policy.clear();
  options.data.clear();
  options.keep_replay = false;
  options.warmup_steps = 0;
  if (!train.environment.empty() && train.environment != options.environment) {
    options.env.clear();
    options.steps = 0;
  }
  return options;
}

// Preset, then config, then flags in their order.
Options resolve(const TrainArguments& train) {
  const bool as_before = !train.from.empty() && train.preset.empty() && train.config.empty();
  Options options = as_before              ? options_of_run(train)
                    : train.preset.empty() ? Options{}
                                           : find_preset(train.preset).options;
  if (!train.config.empty()) lay_config(options, train);
  if (!train.environment.empty()) options.environment = train.environment;
  if (!train.from.empty()) options.initial_run = train.from;
  if (!train.data.empty()) options.data = train.data;
  for (const auto& [key, value] : train.assignments) set_option(options, key, value);
  if (options.environment.empty()) {
    throw UsageError("which environment? For example `ddpg train Pendulum-v1`; `ddpg envs` lists them all.");
  }
  options.env = settled(std::move(options.env));
  options = with_absolute_files(std::move(options));
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

}  // namespace

int run(const TrainArguments& train, const Arguments& common) {
  check_experiment_flags(train);
  const Options options = resolve(train);
  if (!train.seeds.empty()) return start_experiment(options, train, common);
  const std::atomic<bool>& stop = listen_for_interrupt(!train.quiet);
  RunFolder folder = open_folder(train, options);
  return run_training(folder, options, {.quiet = train.quiet, .records = {train.json_lines, train.tensorboard}}, common,
                      stop);
}

}  // namespace ddpg::cli
