#include "experiment/experiment.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "agent/replay.h"
#include "ddpg/environment.h"
#include "ddpg/error.h"
#include "experiment/experiment_toml.h"
#include "options/option_value.h"
#include "run/run_name.h"
#include "support/files.h"
#include "support/json.h"
#include "support/machine.h"
#include "support/paths.h"
#include "support/shown.h"

namespace ddpg {

namespace fs = std::filesystem;

namespace {

constexpr const char* kPlanFile = "experiment.toml";
constexpr const char* kInUse = "another process is at this experiment; wait for it, or stop it, or give another name";

std::uint64_t seed_from(std::string_view text, std::string_view whole) {
  std::int64_t number = 0;
  const std::string expected = read_value(raw_from_text(text, Reading::any), number);
  if (expected.empty() && number >= 0) return static_cast<std::uint64_t>(number);
  throw UsageError(
      fmt::format("--seeds: expected a number of seeds, such as 10, or the first and the last, such as "
                  "3-7, found \"{}\"",
                  shown(whole)));
}

// True when the folder is new, false when something of that name was there.
bool make_folder(const fs::path& path) {
  if (::mkdir(path.c_str(), 0777) == 0) return true;
  if (errno == EEXIST) return false;
  throw Error(fmt::format("[experiment] cannot make {}: {}", shown(path), std::strerror(errno)));
}

fs::path make_next_free(const fs::path& first) {
  fs::path path = first;
  for (int suffix = 2; !make_folder(path); suffix++) path = first.string() + fmt::format("-{}", suffix);
  return path;
}

void make_parents(const fs::path& path) {
  std::error_code error;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  if (error) throw Error(fmt::format("[experiment] cannot make {}: {}", shown(path.parent_path()), error.message()));
}

fs::path without_slash(const fs::path& path) {
  return path.has_filename() ? path : path.parent_path();
}

void refuse_what_is_there(const fs::path& path) {
  if (!is_folder(path)) {
    throw UsageError(fmt::format("[experiment] {} exists and is not a folder; give another name", shown(path)));
  }
  if (entries_of(path).empty()) return;
  throw UsageError(fmt::format("[experiment] {} exists and is not empty; give another name{}", shown(path),
                               ExperimentFolder::is_one(path)
                                   ? fmt::format(", or resume the experiment in it: `ddpg resume {}`", typed(path))
                                   : ""));
}

}  // namespace

SeedRange read_seeds(std::string_view text, std::uint64_t base) {
  const std::size_t dash = text.find('-');
  SeedRange range{base, 0};
  if (dash == std::string_view::npos) {
    range.count = seed_from(text, text);
  } else {
    range.first = seed_from(text.substr(0, dash), text);
    const std::uint64_t last = seed_from(text.substr(dash + 1), text);
    if (last < range.first) {
      throw UsageError(fmt::format("--seeds {}: the first seed must be <= the last", text));
    }
    range.count = last - range.first + 1;
  }
  if (range.count >= 1 && range.count <= kMostSeeds && range.last() <= INT64_MAX) return range;
  throw UsageError(fmt::format("--seeds {}: expected 1 to {} seeds, none above {}", text, kMostSeeds, INT64_MAX));
}

namespace {

// Of "KEY=VALUE", as every text of a trial is.
std::pair<std::string, std::string> key_and_value(const std::string& text) {
  const std::size_t equals = std::min(text.find('='), text.size() - 1);
  return {text.substr(0, equals), text.substr(equals + 1)};
}

std::string trial_text(const Trial& trial, const std::string& between) {
  std::vector<Difference> set;
  for (const std::string& text : trial) {
    const auto [key, value] = key_and_value(text);
    set.push_back({key, value, ""});
  }
  return short_changes(set, between);
}

}  // namespace

Options ExperimentPlan::options_of(const RunKey& key) const {
  Options of_run = options;
  of_run.seed = key.seed;
  if (trials.empty()) return of_run;
  for (const std::string& text : trials[key.trial]) {
    const auto [option, value] = key_and_value(text);
    set_option(of_run, option, value);
  }
  return of_run;
}

std::string ExperimentPlan::label(const RunKey& key) const {
  if (trials.empty()) return fmt::format("seed {}", key.seed);
  return fmt::format("trial {} ({}), seed {}", key.trial, trial_text(trials[key.trial], " "), key.seed);
}

int suggested_jobs(const Options& options, std::uint64_t runs) {
  const auto environment = make_environment(options.environment, options.env);
  const Specification& task = environment->specification();
  const std::size_t replay = Replay::size_in_bytes(
      task.observation_size, task.action_size(),
      std::min(options.replay_capacity, std::max<std::int64_t>(options.steps, 1)), options.environments);
  const std::size_t processors = static_cast<std::size_t>(hardware_threads());
  const auto each = static_cast<std::size_t>(options.threads + (options.overlap ? 1 : 0));
  std::size_t jobs = std::max<std::size_t>(processors / each, 1);
  if (const std::size_t memory = available_memory(); memory > 0)
    jobs = std::min(jobs, memory / std::max<std::size_t>(replay, 1));
  return static_cast<int>(std::clamp<std::size_t>(jobs, 1, runs));
}

const char* state_name(SeedState state) {
  switch (state) {
    case SeedState::waiting:
      return "waiting";
    case SeedState::running:
      return "running";
    case SeedState::finished:
      return "finished";
    case SeedState::interrupted:
      return "interrupted";
    case SeedState::failed:
      return "failed";
  }
  return "";
}

ExperimentFolder::ExperimentFolder(fs::path path, FolderLock lock) : path_(std::move(path)), lock_(std::move(lock)) {}

bool ExperimentFolder::is_one(const fs::path& path) {
  return is_folder(path) && is_there(path / kPlanFile);
}

ExperimentFolder ExperimentFolder::create(const ExperimentPlan& plan, const fs::path& path, const fs::path& root) {
  const std::string name = fmt::format("{}-{}seeds{}-{}", configuration_name(plan.options),
                                       plan.trials.empty() ? "" : "sweep-", plan.seeds.first, plan.seeds.last());
  fs::path chosen = path.empty() ? root / file_name(plan.options.environment) / name : without_slash(path);
  make_parents(chosen);
  if (path.empty()) chosen = make_next_free(chosen);
  const bool was_there = !path.empty() && !make_folder(chosen);
  if (was_there) refuse_what_is_there(chosen);
  FolderLock lock(chosen, kInUse);
  if (was_there) refuse_what_is_there(chosen);  // nobody came in between
  ExperimentFolder folder(chosen, std::move(lock));
  folder.change_plan(plan);
  return folder;
}

ExperimentFolder ExperimentFolder::open(const fs::path& path) {
  const fs::path chosen = without_slash(path);
  ExperimentFolder folder(chosen, FolderLock(chosen, kInUse));
  const fs::path file = chosen / kPlanFile;
  apply_experiment_toml(folder.plan_, read_file(file, kLongestText), shown(file));
  apply_toml(folder.plan_.options, read_file(folder.options_file(), kLongestText), shown(folder.options_file()));
  folder.check_runs();
  return folder;
}

// experiment.toml last: it says that all is there.
void ExperimentFolder::change_plan(const ExperimentPlan& plan) {
  plan_ = plan;
  write_file_atomically(options_file(), to_toml(plan_.options));
  write_file_atomically(path_ / kPlanFile, experiment_to_toml(plan_));
}

std::string ExperimentFolder::name(const RunKey& key) const {
  if (plan_.trials.empty()) return fmt::format("seed{}", key.seed);
  return fmt::format("{:03}-{}-seed{}", key.trial, trial_text(plan_.trials[key.trial], "-"), key.seed);
}

fs::path ExperimentFolder::run(const RunKey& key) const {
  return path_ / name(key);
}

fs::path ExperimentFolder::log(const RunKey& key) const {
  return path_ / (name(key) + ".log");
}

}  // namespace ddpg
