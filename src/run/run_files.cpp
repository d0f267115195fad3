#include "run/run_files.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>

#include "ddpg/error.h"
#include "run/checkpoints.h"
#include "run/record_kinds.h"
#include "run/run_status.h"
#include "support/files.h"
#include "support/folder_lock.h"
#include "support/json.h"
#include "support/paths.h"
#include "support/shown.h"
#include "support/snapshot.h"
#include "support/write_target.h"

namespace ddpg {

namespace fs = std::filesystem;

namespace {

// There from before the first file of a run until all that it begins with: holds the new run's options, and before them
// a line for each of its records.
constexpr const char* kBegun = ".ddpg-begun";
constexpr std::string_view kRecordLine = "# records: ";

// In the order in which they go: what says that there is a run, then what it learnt.
constexpr std::array kFiles = {"config.toml",  "status.json",  "summary.json",  "machine.json", "task.json",
                               "sources.json", "progress.csv", "progress.sums", "policy.ddpg",  "best.ddpg"};
constexpr std::array kOfTraining = {"machine.json", "progress.csv", "status.json", "summary.json"};

std::vector<fs::path> checkpoint_files(const fs::path& folder) {
  std::vector<fs::path> files = files_in(folder / "checkpoints");
  std::erase_if(files, [](const fs::path& file) {
    const std::string name = file.filename().string();
    return !is_checkpoint_name(name) && !is_replay_name(name);
  });
  std::sort(files.begin(), files.end());  // checkpoints before the rows that they need
  return files;
}

void remove_checkpoint_files(const fs::path& folder) {
  for (const fs::path& file : checkpoint_files(folder)) remove_run_file(file);
  remove_temporaries(folder / "checkpoints");
}

std::vector<fs::path> record_files(const fs::path& folder) {
  std::vector<fs::path> files = files_in(folder);
  std::erase_if(files, [](const fs::path& file) {
    return std::ranges::none_of(record_kinds(), [&](const auto& kind) { return kind.owns(file.filename().native()); });
  });
  return files;
}

void remove_run(const fs::path& folder) {
  for (const char* file : kFiles) remove_run_file(folder / file);
  for (const fs::path& file : record_files(folder)) remove_run_file(file);
  remove_checkpoint_files(folder);
}

void check_places(const std::vector<fs::path>& files) {
  for (const fs::path& file : files) write_target(file, Written::file);
}

// More than the lines that it begins with: the row of the untrained policy, and in a table the names of the columns.
bool has_rows_of_steps(const fs::path& table, int first_lines) {
  if (!is_there(table)) return false;
  std::int64_t lines = 0;
  read_pieces(table, [&](std::string_view piece) {
    lines += std::count(piece.begin(), piece.end(), '\n');
    return lines <= first_lines;
  });
  return lines > first_lines;
}

std::int64_t steps_of_summary(const fs::path& file) {
  if (!is_there(file)) return 0;
  const Json summary = parse_json(read_file(file, kLongestText), shown(file));
  return whole_number(member(summary, "steps", shown(file)), Snapshot::kMostCount, shown(file));
}

std::int64_t steps_of_policy(const fs::path& file) {
  return is_there(file) ? Policy::load(file.string()).provenance().step : 0;
}

}  // namespace

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    found.push_back(entry->path());
  if (error && error != std::errc::no_such_file_or_directory)
    throw Error(fmt::format("[run folder] cannot read {}: {}", shown(folder), error.message()));
  return found;
}

void remove_checkpoints(const fs::path& folder) {
  const FolderLock lock(folder, "a training is writing there now; wait for it");
  remove_checkpoint_files(folder);
}

void remove_run_file(const fs::path& file) {
  if (::unlink(file.c_str()) == 0 || errno == ENOENT) return;
  throw Error(fmt::format("[run folder] cannot remove {}: {}; it stands where a run has a file: move it away",
                          shown(file), std::generic_category().message(errno)));
}

bool holds_nothing(const fs::path& folder) {
  bool nothing = true;
  for (const fs::path& entry : files_in(folder)) {
    std::error_code unknown;
    const bool empty_folder = entry.filename() == "checkpoints" && fs::is_empty(entry, unknown);
    nothing = nothing && (empty_folder || is_temporary(entry) || entry.filename() == kBegun);
  }
  return nothing || (is_there(folder / kBegun) && !is_there(folder / "config.toml"));
}

std::string why_no_run(const fs::path& folder) {
  if (Replacement::is_open(folder)) return "";
  const fs::path config = folder / "config.toml";
  if (!is_there(config)) return "it has no config.toml";
  try {
    Options options;
    apply_toml(options, read_file(config, kLongestText), shown(config));
    if (options.environment.empty()) return "its config.toml names no environment";
  } catch (const Error& error) {
    return fmt::format("its config.toml is not ddpg's: {}", error.what());
  }
  const bool trained =
      std::any_of(kOfTraining.begin(), kOfTraining.end(), [&](const char* file) { return is_there(folder / file); });
  return trained ? "" : "beside its config.toml there is no file that a training writes, such as status.json";
}

// A file that cannot be read may be of a run that made steps: then nothing is taken for unlearnt.
std::string what_shows_steps(const fs::path& run) try {
  if (const std::int64_t step = read_status(run).step; step > 0) return fmt::format("status.json is of {} steps", step);
  if (has_rows_of_steps(run / "progress.csv", 2)) return "progress.csv has rows of steps";
  if (has_rows_of_steps(run / "progress.jsonl", 1)) return "progress.jsonl has rows of steps";
  for (const char* file : {"policy.ddpg", "best.ddpg"})
    if (const std::int64_t step = steps_of_policy(run / file); step > 0)
      return fmt::format("{} was trained for {} steps", file, step);
  if (const std::int64_t step = steps_of_summary(run / "summary.json"); step > 0)
    return fmt::format("summary.json is of {} steps", step);
  return "";
} catch (const Error& error) {
  return fmt::format("a file of it cannot be read: {}", error.what());
}

void check_places_to_resume(const fs::path& folder) {
  for (const std::string_view file : kFiles)
    if (file != "machine.json" && file != "status.json") write_target(folder / file, Written::file);
  write_target(folder / kBegun, Written::file);
  check_places(record_files(folder));
}

void Replacement::begin(const fs::path& folder, const Options& options, const RecordNames& records) {
  for (const char* file : kFiles) write_target(folder / file, Written::file);
  check_places(record_files(folder));
  check_places(checkpoint_files(folder));
  std::string text;
  for (const RecordKind& kind : record_kinds())
    if (records.contains(kind.name)) text.append(kRecordLine).append(kind.first_file()).append("\n");
  write_file_atomically(folder / kBegun, text + to_toml(options));
  remove_run(folder);
}

void Replacement::finish(const fs::path& folder) {
  remove_run_file(folder / kBegun);
}

// One without options is of an older version, which wrote it for new folders alone.
bool Replacement::is_open(const fs::path& folder) {
  std::error_code unknown;
  return fs::is_regular_file(folder / kBegun, unknown) && fs::file_size(folder / kBegun, unknown) > 0;
}

void Replacement::complete(const fs::path& folder) {
  std::string text = read_file(folder / kBegun, kLongestText);
  Options options;
  apply_toml(options, text, shown(folder / kBegun));
  remove_run(folder);
  while (text.starts_with(kRecordLine)) {
    const std::size_t end = text.find('\n');
    const fs::path record = text.substr(kRecordLine.size(), end - kRecordLine.size());
    write_file_atomically(folder / record.filename(), "");
    text.erase(0, end + 1);
  }
  write_file_atomically(folder / "config.toml", text);
  finish(folder);
}

}  // namespace ddpg
