#include "run/run_folder.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "ddpg/error.h"
#include "ddpg/version.h"
#include "run/checkpoints.h"
#include "run/run_files.h"
#include "run/run_name.h"
#include "run/run_status.h"
#include "support/json.h"
#include "support/machine.h"
#include "support/paths.h"
#include "support/shown.h"

namespace ddpg {

namespace fs = std::filesystem;

namespace {

void make_parents(const fs::path& path) {
  std::error_code error;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  if (error) throw Error(fmt::format("[run folder] cannot make {}: {}", shown(path.parent_path()), error.message()));
}

// True when the folder is new, false when something of that name was there.
bool make_folder(const fs::path& path) {
  if (::mkdir(path.c_str(), 0777) == 0) return true;
  if (errno == EEXIST) return false;
  throw Error(fmt::format("[run folder] cannot make {}: {}", shown(path), std::strerror(errno)));
}

Json machine_json(const RunStart& start) {
  return {{"version", kVersion},         {"processor", processor_name()}, {"system", system_name()},
          {"compiler", compiler_name()}, {"kernels", start.kernels},      {"threads", start.options.threads}};
}

// What machine.json holds of the run so far; null where it cannot be read, which is no reason to stop a training.
Json machine_before(const fs::path& file) {
  try {
    return parse_json(read_file(file, kLongestText), shown(file));
  } catch (const Error&) {
    return {};
  }
}

// Where the file system knows no locks, the process that status.json names must do.
FolderLock lock_run(const fs::path& folder) {
  FolderLock lock(folder);
  if (lock.state() == FolderLock::State::held) return lock;
  RunStatus status;
  try {
    status = read_status(folder);
  } catch (const Error&) {  // then nothing more is known
  }
  if (lock.state() == FolderLock::State::not_offered && !writer_lives(status)) return lock;
  const std::string holder = status.process > 0 ? fmt::format(" (process {} on {})", status.process, status.host) : "";
  throw UsageError(
      fmt::format("[run folder] another training{} is writing to {}; give another name", holder, shown(folder)));
}

}  // namespace

RunFolder RunFolder::next_free(const Options& options, const fs::path& root) {
  const std::string name = fmt::format("{}-seed{}", configuration_name(options), options.seed);
  const fs::path first = root / file_name(options.environment) / name;
  make_parents(first);
  fs::path path = first;
  for (int suffix = 2; !make_folder(path); suffix++) path = first.string() + fmt::format("-{}", suffix);
  return RunFolder(path, true, Use::fresh);
}

RunFolder RunFolder::at(const fs::path& path, bool overwrite) {
  const fs::path folder = path.has_filename() ? path : path.parent_path();  // without a slash at the end
  make_parents(folder);
  const bool made_here = make_folder(folder);
  if (!is_folder(folder)) {
    throw UsageError(fmt::format("[run folder] {} exists and is not a folder; give another name", shown(folder)));
  }
  return RunFolder(folder, made_here, overwrite ? Use::overwrite : Use::fresh);
}

RunFolder RunFolder::resume(const fs::path& path) {
  if (!is_there(path / "config.toml") && !Replacement::is_open(path)) {
    throw UsageError(
        fmt::format("[run folder] {} is no run of ddpg's: expected a folder with a config.toml; runs lie "
                    "in runs/ if no other folder was named",
                    shown(path)));
  }
  return RunFolder(path.has_filename() ? path : path.parent_path(), false, Use::resume);
}

RunFolder::RunFolder(fs::path path, bool made_here, Use use)
    : path_(std::move(path)),
      lock_(lock_run(path_)),
      identity_(path_),
      made_here_(made_here),
      resumes_(use == Use::resume) {
  check_free(use);
  if (!resumes_) return;
  if (Replacement::is_open(path_)) Replacement::complete(path_);
  check_resumable();
}

void RunFolder::check_free(Use use) const {
  if (made_here_ || use == Use::resume || holds_nothing(path_)) return;
  if (use == Use::fresh) {
    throw UsageError(
        fmt::format("[run folder] {} exists and is not empty; give another name, `ddpg resume` to "
                    "continue the run in it, or --overwrite to replace it",
                    shown(path_)));
  }
  const std::string reason = why_no_run(path_);
  if (reason.empty()) return;
  throw UsageError(
      fmt::format("[run folder] {} holds files and is no run of ddpg's, so it is not overwritten; give another name. "
                  "It is none, for {}",
                  shown(path_), reason));
}

// A run whose checkpoints are gone must not be taken for one that has learnt nothing.
void RunFolder::check_resumable() const {
  if (!list_checkpoints(checkpoints()).empty()) return;
  const std::string shows = what_shows_steps(path_);
  if (shows.empty()) return;
  throw UsageError(fmt::format(
      "[resume] {} holds no checkpoint to resume from, and it has learnt: {}. Nothing was changed. Put its checkpoints "
      "back, or train it from the beginning in a new folder: ddpg train --config {}",
      shown(path_), shows, typed(path_ / "config.toml")));
}

Options RunFolder::options() const {
  Options options;
  const fs::path file = path_ / "config.toml";
  apply_toml(options, read_file(file, kLongestText), shown(file));
  return options;
}

RunFolder::~RunFolder() {
  if (!made_here_ || started_) return;
  try {
    identity_.check("run folder");
    remove_quietly(path_);
  } catch (...) {  // it is gone already, or somebody else's, or there is no memory to find out
  }
}

void RunFolder::keeps(const TaskRecord& task, const Policy* best) {
  task_ = to_json(task);
  best_.reset();
  if (best) best_ = *best;
}

void RunFolder::started(const RunStart& start) {
  options_ = start.options;
  start_time_ = utc_now();
  identity_.check("run folder");
  if (resumes_) check_places_to_resume(path_);
  remove_temporaries(path_);
  if (!resumes_) Replacement::begin(path_, options_, record_names_);
  if (records_) records_->started(start);
  if (!task_.empty()) write_file_atomically(path_ / kTaskFile, task_);
  if (!start.sources.empty()) write_file_atomically(path_ / "sources.json", start.sources);
  write_file_atomically(path_ / "config.toml", to_toml(options_));
  started_ = true;
  bool fails = false;
  attempt([&] { write_machine(start); }, "the training continues without it", fails);
  write_status("running", start.step);
  if (resumes_) remove_run_file(path_ / "summary.json");
  Replacement::finish(path_);
  saved_step_ = start.step;
  continues_ = resumes_;
}

// What the files hold beyond the checkpoint is reported once more, and the checkpoint knows the best policy before it.
// The first new row is the time for that: a training that ends before it costs nothing of what was there.
void RunFolder::go_back_to_checkpoint() {
  if (saved_step_ == 0) {
    remove_run_file(policy_file());
    remove_run_file(best_file());
  } else if (best_) {
    best_->save(best_file().string());
  } else if (!is_there(best_file()) && options_.evaluation_episodes > 0 && warn_) {
    warn_(
        fmt::format("{} is missing, and a checkpoint of this version does not hold it; the next evaluation that is "
                    "better than all before writes it",
                    shown(best_file())));
  }
}

// A resumed run keeps what it began on, and a list of where it was resumed.
void RunFolder::write_machine(const RunStart& start) const {
  const fs::path file = path_ / "machine.json";
  Json machine = start.step > 0 ? machine_before(file) : Json();
  if (machine.is_object()) {
    Json resumed = machine_json(start);
    resumed["step"] = start.step;
    resumed["started"] = start_time_;
    if (!machine["resumed"].is_array()) machine["resumed"] = Json::array();
    machine["resumed"].push_back(resumed);
  } else {
    machine = machine_json(start);
    machine["started"] = start_time_;
  }
  write_file_atomically(file, machine.dump_lines());
}

// False when it cannot be written, with a warning where it could be the last time.
bool RunFolder::attempt(const std::function<void()>& write, const char* otherwise, bool& fails) {
  try {
    write();
    fails = false;
  } catch (const Error& error) {
    if (!std::exchange(fails, true) && warn_) warn_(fmt::format("{}; {}", error.what(), otherwise));
  }
  return !fails;
}

// A status file that cannot be written stops no training: it keeps what it held.
void RunFolder::write_status(const char* state, std::int64_t step, const std::string& message) {
  const Json status = status_json(state, step, options_.steps, start_time_, message);
  attempt([&] { write_file_atomically(path_ / "status.json", status.dump_lines()); },
          "the training continues, and tries again with each row of progress", status_fails_);
}

// The records and best.ddpg must be whole: what cannot be written there ends the training, and the resumed run reports
// and evaluates once more what came after the last checkpoint. policy.ddpg is written again soon, and at the end.
void RunFolder::progressed(const Progress& progress, const Policy& policy) {
  identity_.check("run folder");
  try {
    write_progress(progress, policy);
  } catch (const Error&) {
    identity_.check("run folder");  // it may have gone in between, and that is the cause
    throw;
  }
}

void RunFolder::write_progress(const Progress& progress, const Policy& policy) {
  if (std::exchange(continues_, false)) go_back_to_checkpoint();
  if (records_) records_->progressed(progress, policy);
  if (progress.best) policy.save(best_file().string());
  const std::int64_t interval = options_.checkpoint_interval;
  if (interval > 0 && progress.step / interval != saved_step_ / interval &&
      attempt([&] { policy.save(policy_file().string()); },
              "the training continues, and tries again with each row of progress", policy_fails_))
    saved_step_ = progress.step;
  write_status("running", progress.step);
}

// Each file is tried, whatever becomes of the others; then the first failure is the training's.
void RunFolder::ended(const Summary& summary, const Policy& policy) {
  if (!started_) return;
  identity_.check("run folder");
  Summary result = summary;
  std::string failure;
  const auto attempt_all = [&](const std::function<void()>& write) {
    try {
      write();
    } catch (const Error& error) {
      failure += (failure.empty() ? "" : "; ") + std::string(error.what());
      result.outcome = Outcome::failed;
      result.error += (result.error.empty() ? "" : "; ") + std::string(error.what());
    }
  };
  attempt_all([&] { policy.save(policy_file().string()); });
  if (records_) attempt_all([&] { records_->ended(summary, policy); });
  attempt_all([&] { write_file_atomically(path_ / "summary.json", summary_json(options_, result).dump_lines()); });
  write_status(outcome_name(result.outcome), result.steps, result.error);
  remove_temporaries(path_);
  if (failure.empty()) return;
  identity_.check("run folder");
  throw Error(failure);
}

}  // namespace ddpg
