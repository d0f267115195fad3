// ddpg train: options from preset, config and flags, and a run folder. The training itself: training.h.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string_view>

#include "agent/hindsight.h"
#include "ddpg/error.h"
#include "ddpg/train.h"
#include "options/option_changes.h"
#include "program/experiment.h"
#include "program/interrupt.h"
#include "program/training.h"
#include "run/beginning.h"
#include "run/record_kinds.h"
#include "run/run_folder.h"
#include "support/files.h"
#include "support/shown.h"

namespace ddpg::cli {

namespace {

constexpr const char* kTrainFooter =
    "A config is laid over the preset, and flags over both, in their order. For example:\n"
    "  ddpg train Pendulum-v1 --seed 1 --steps 20000 --set exploration.sigma=0.2\n"
    "  ddpg train --config runs/Pendulum-v1/default-seed1/config.toml     repeats that run to the same bits";

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
    throw UsageError(fmt::format("--preset {} contradicts preset = \"{}\" in {}; leave one of them out",
                                 shown(train.preset), shown(probe.preset), shown(train.config)));
  }
  apply_toml(options, text, shown(train.config));
}

// Those with which its newest checkpoint was kept: what was changed in the middle after that is not learnt yet.
Options at_newest_checkpoint(const Options& options, const std::filesystem::path& checkpoints) {
  const std::int64_t step = step_of_checkpoint(checkpoints);
  const auto later =
      std::ranges::find_if(options.changes, [&](const auto& text) { return read_change(text).step > step; });
  return with_changes(options, static_cast<std::size_t>(later - options.changes.begin()));
}

// Those of the run to start from, but for what that one started from. Its actor acts from the first step.
Options options_of_run(const TrainArguments& train) {
  const std::filesystem::path config = std::filesystem::path(train.from) / "config.toml";
  Options options;
  try {
    apply_toml(options, read_named_file(config, kLongestText), shown(config));
    options = at_newest_checkpoint(options, std::filesystem::path(train.from) / "checkpoints");
  } catch (const Error& error) {
    throw UsageError(fmt::format("--from {}: expected the folder of a run: {}", shown(train.from), error.what()));
  }
  options.initial_policy.clear();
  options.data.clear();
  options.keep_replay = false;
  options.offline_updates = 0;
  options.changes.clear();
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
  options = with_absolute_files(std::move(options));
  find_environment(options.environment);
  validate(options);
  // refuses settings that it does not know, before a folder is made; of a world that there is once only no more is made
  if (!options.env.empty() && options.evaluate_on == EvaluateOn::own)
    make_environment(options.environment, options.env);
  return options;
}

RunFolder open_folder(const TrainArguments& train, const Options& options) {
  if (!train.run.empty()) return RunFolder::at(train.run, train.overwrite);
  if (!train.overwrite) return RunFolder::next_free(options);
  throw UsageError("--overwrite needs --run DIR: without it a new folder is taken and nothing is overwritten");
}

bool sets(const TrainArguments& train, std::string_view key) {
  return std::ranges::any_of(train.assignments, [&](const auto& assignment) { return assignment.first == key; });
}

// Said by both, one of them would be lost, wherever they stand.
void check_said_once(const TrainArguments& train) {
  const auto check = [&](bool given, const std::string& word, const char* key) {
    if (given && sets(train, key))
      throw UsageError(fmt::format("{} contradicts --set {}=...; leave one of them out", word, key));
  };
  check(!train.environment.empty(), shown(train.environment), "environment");
  check(!train.from.empty(), "--from", "initial_run");
  check(!train.data.empty(), "--data", "data");
}

void check_flags(const TrainArguments& train) {
  check_said_once(train);
  if (train.seeds.empty()) {
    if (train.jobs > 0) throw UsageError("--jobs needs --seeds: it says how many seeds are trained at a time");
    return;
  }
  if (train.actors.lockstep) throw UsageError(kNoLockstep);
  if (train.overwrite) {
    throw UsageError(
        "--overwrite is for a single run: it replaces no experiment; give another name, or remove its folder");
  }
  if (sets(train, "seed") && train.seeds.find('-') != std::string::npos) {
    throw UsageError(
        fmt::format("--seeds {} says which seeds; leave --seed out, or give their number alone", train.seeds));
  }
}

int run_train(const TrainArguments& train, const Common& common) {
  check_flags(train);
  Job job(train.actors);
  if (job.serves()) return train.seeds.empty() ? job.play() : job.train();
  const Options options = resolve(train);
  if (!train.seeds.empty()) {
    const auto world = make_environment(options.environment, options.env);  // refuses settings that it does not know
    if (const std::string why = why_no_hindsight(options, world->specification()); !why.empty())
      throw UsageError("[options] " + why);
    return start_experiment(options, train, job, common);
  }
  const std::atomic<bool>& stop = listen_for_interrupt(!train.quiet);
  RunFolder folder = open_folder(train, options);
  return run_training(
      folder, options,
      {.quiet = train.quiet, .records = train.records, .elsewhere = job.elsewhere(), .processes = job.processes()},
      common, stop);
}

}  // namespace

std::filesystem::path folder_for(const TrainArguments& train) {
  check_flags(train);
  return open_folder(train, resolve(train)).path();
}

void add_train_flags(Flags& flags, TrainArguments& given) {
  flags.argument("ENV", given.environment, "environment to train on; `ddpg envs` lists them");
  flags.text("--preset", given.preset, "NAME", "set of options to start from; `ddpg presets` lists them");
  flags.text("--config", given.config, "FILE", "options from a TOML file, laid over the preset");
  flags.text("--run", given.run, "DIR", "folder of the run [runs/ENV/PRESET-seedN]");
  const auto assign = [&](const char* flag, const char* key, std::int64_t low, std::int64_t high, const char* help) {
    const auto take = [=, &given](const std::string& text) {
      given.assignments.emplace_back(key, std::to_string(whole_number(flag, text, low, high)));
    };
    flags.each(flag, "N", take, help);
  };
  assign("--steps", "steps", 1, kNoLimit, "environment steps [the environment's own number]");
  assign("--seed", "seed", 0, kNoLimit, "root of all randomness [0]");
  assign("--threads", "threads", 1, 256, "threads of computation; no result depends on it [1]");
  assign("--envs", "environments", 1, 4096, "copies of the environment that are stepped together [1]");
  flags.each_time(
      "--overlap", [&given] { given.assignments.emplace_back("overlap", "true"); },
      "do the updates while the environments step, with weights one round older");
  flags.each(
      "--set", "KEY=VALUE",
      [&given](const std::string& text) { given.assignments.push_back(assignment("--set", text)); },
      "set one option; may be repeated, the last one wins");
  flags.each(
      "--data", "FILE|RUN", [&given](const std::string& file) { given.data.push_back(file); },
      "store the transitions of a log (.csv), a data set (.npz) or a run before the first step; may be repeated");
  flags.text("--from", given.from, "RUN",
             "start from what another run has learnt, with its options where none are named");
  flags.each_time(
      "--keep-replay", [&given] { given.assignments.emplace_back("keep_replay", "true"); },
      "with --from: take its transitions too");
  flags.yes("--overwrite", given.overwrite, "replace the run in the folder given by --run");
  flags.yes("--quiet", given.quiet, "no progress on standard error, only errors");
  flags.text("--seeds", given.seeds, "N|A-B",
             "train several seeds as one experiment: how many from --seed on, or such as 3-7");
  flags.number("--jobs", given.jobs, 1, 1'000,
               "seeds trained at a time [as many as there are processors and memory for]");
  add_actors(flags, given.actors);
  for (const RecordKind& kind : record_kinds())
    flags.each_time(
        fmt::format("--{}", kind.name), [&given, name = kind.name] { given.records.insert(name); }, kind.help);
  flags.footer(kTrainFooter);
}

Run add_train(Flags& flags) {
  const auto train = std::make_shared<TrainArguments>();
  add_train_flags(flags, *train);
  return [train](const Common& common) { return run_train(*train, common); };
}

}  // namespace ddpg::cli
