#include "run/run_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <nlohmann/json.hpp>

#include "ddpg/error.h"
#include "ddpg/version.h"
#include "support/files.h"
#include "support/machine.h"

namespace ddpg {

namespace fs = std::filesystem;

namespace {

constexpr std::array kFiles = {"config.toml", "machine.json", "progress.csv", "policy.ddpg", "summary.json"};

std::string file_name(std::string text) {
  std::replace(text.begin(), text.end(), '/', '-');
  return text.empty() || text.front() == '.' ? "_" + text : text;
}

void make_parents(const fs::path& path) {
  std::error_code error;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  if (error) throw Error(fmt::format("[run folder] cannot make {}: {}", path.parent_path().string(), error.message()));
}

// True when the folder is new, false when something of that name was there.
bool make_folder(const fs::path& path) {
  if (::mkdir(path.c_str(), 0777) == 0) return true;
  if (errno == EEXIST) return false;
  throw Error(fmt::format("[run folder] cannot make {}: {}", path.string(), std::strerror(errno)));
}

bool holds_nothing(const fs::path& path) {
  std::error_code error;
  const bool empty = fs::is_empty(path, error);
  if (error) throw Error(fmt::format("[run folder] cannot read {}: {}", path.string(), error.message()));
  return empty;
}

std::string utc_now() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  return std::string(text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts));
}

std::string machine_json(const RunStart& start) {
  const nlohmann::ordered_json machine = {{"version", kVersion},      {"processor", processor_name()},
                                          {"system", system_name()},  {"compiler", compiler_name()},
                                          {"kernels", start.kernels}, {"threads", start.options.threads},
                                          {"started", utc_now()}};
  return machine.dump(2) + "\n";
}

}  // namespace

RunFolder RunFolder::next_free(const Options& options, const fs::path& root) {
  const std::string name = fmt::format("{}-seed{}", file_name(options.preset), options.seed);
  const fs::path first = root / file_name(options.environment) / name;
  make_parents(first);
  fs::path path = first;
  for (int suffix = 2; !make_folder(path); suffix++) path = first.string() + fmt::format("-{}", suffix);
  return RunFolder(path, true, false);
}

RunFolder RunFolder::at(const fs::path& path, bool overwrite) {
  const fs::path folder = path.has_filename() ? path : path.parent_path();  // without a slash at the end
  make_parents(folder);
  const bool made_here = make_folder(folder);
  if (!fs::is_directory(folder)) {
    throw UsageError(fmt::format("[run folder] {} exists and is not a folder; give another name", folder.string()));
  }
  return RunFolder(folder, made_here, overwrite);
}

RunFolder::RunFolder(fs::path path, bool made_here, bool overwrite)
    : path_(std::move(path)), lock_(path_), made_here_(made_here) {
  if (made_here || holds_nothing(path_)) return;
  if (!overwrite) {
    throw UsageError(fmt::format(
        "[run folder] {} exists and is not empty; give another name, or --overwrite to replace the run in it",
        path_.string()));
  }
  if (!fs::exists(path_ / "config.toml")) {
    throw UsageError(
        fmt::format("[run folder] {} holds files but no config.toml, so it is no run of ddpg's and is not overwritten; "
                    "give another name",
                    path_.string()));
  }
}

RunFolder::~RunFolder() {
  std::error_code ignored;
  if (made_here_ && !started_) fs::remove(path_, ignored);
}

RunFolder::Lock::Lock(const fs::path& folder)
    : descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (descriptor_ < 0)
    throw Error(fmt::format("[run folder] cannot open {}: {}", folder.string(), std::strerror(errno)));
  // where the file system knows no locks we go on without
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    ::close(descriptor_);
    throw UsageError(fmt::format("[run folder] another training is writing to {}; give another name", folder.string()));
  }
}

RunFolder::Lock::~Lock() {
  ::close(descriptor_);
}

void RunFolder::started(const RunStart& start) {
  options_ = start.options;
  for (const char* file : kFiles) {
    if (std::string_view(file) == "config.toml")
      continue;  // replaced below, so that the folder stays a run's throughout
    std::error_code error;
    fs::remove(path_ / file, error);
    if (error) throw Error(fmt::format("[run folder] cannot remove {}: {}", (path_ / file).string(), error.message()));
  }
  write_file_atomically(path_ / "config.toml", to_toml(options_));
  started_ = true;
  write_file_atomically(path_ / "machine.json", machine_json(start));
}

void RunFolder::progressed(const Progress& progress, const Policy& policy) {
  const std::int64_t interval = options_.checkpoint_interval;
  if (interval <= 0 || progress.step / interval == saved_step_ / interval) return;
  policy.save(policy_file().string());
  saved_step_ = progress.step;
}

void RunFolder::ended(const Summary& summary, const Policy& policy) {
  policy.save(policy_file().string());
  write_file_atomically(path_ / "summary.json", summary_json(options_, summary).dump(2) + "\n");
}

nlohmann::ordered_json summary_json(const Options& options, const Summary& summary) {
  return {{"environment", options.environment},
          {"preset", options.preset},
          {"seed", options.seed},
          {"steps", summary.steps},
          {"updates", summary.updates},
          {"episodes", summary.after.episodes},
          {"mean_return", summary.after.mean_return},
          {"std_return", summary.after.std_return},
          {"initial_mean_return", summary.before.mean_return},
          {"seconds", summary.seconds},
          {"steps_per_second", summary.steps_per_second},
          {"outcome", summary.outcome == Outcome::finished ? "finished" : "interrupted"},
          {"version", kVersion}};
}

}  // namespace ddpg
