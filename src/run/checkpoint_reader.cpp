// Finding and reading checkpoints: see checkpoints.h. Nothing that a file says is trusted.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "ddpg/error.h"
#include "ddpg/interrupted.h"
#include "run/checkpoints.h"
#include "run/file_rows.h"
#include "support/json.h"
#include "support/shown.h"
#include "support/stop.h"

namespace ddpg {

namespace fs = std::filesystem;

namespace {

constexpr const char* kFirstVersion = "1";
constexpr const char* kLoading = "loading a checkpoint";

void check_format(const CheckpointFile& file, const std::string& expected) {
  const std::string& where = file.where;
  const std::string& format = file.text("format");
  if (format != expected) throw Error(fmt::format("[{}] expected a {}, found a {}", where, expected, format));
  const std::string& version = file.text("version");
  if (version != kFirstVersion && version != kCheckpointVersion) {
    throw UsageError(
        fmt::format("[{}] expected version {} or {} of the format, found {}: it was written by another ddpg, which can "
                    "read it; nothing was changed",
                    where, kFirstVersion, kCheckpointVersion, version));
  }
}

// Stretches in their order, without gaps.
std::vector<ReplayFile> read_replay_files(const std::string& json, const std::string& file_name) {
  std::vector<ReplayFile> files;
  const std::string where = file_name + ": its list of replay files";
  const Json list = parse_json(json, where);
  if (!list.is_array()) throw Error(fmt::format("[{}] expected a list, found {}", where, list.type_name()));
  for (const Json& entry : list.elements()) {
    const auto count = [&](const char* key, std::int64_t most = Snapshot::kMostCount) {
      return whole_number(member(entry, key, where), most, fmt::format("[{}] {}", where, key));
    };
    files.push_back({text_member(entry, "file", where),
                     {count("begin"), count("end")},
                     static_cast<std::uint32_t>(count("checksum", std::numeric_limits<std::uint32_t>::max()))});
    const ReplayFile& file = files.back();
    const ReplayRange& range = file.range;
    const bool follows = files.size() == 1 || range.begin == files[files.size() - 2].range.end;
    const bool named = !file.name.empty() && file.name.find('/') == std::string::npos;
    if (!follows || !named || range.begin > range.end)
      throw Error(fmt::format("[{}] they do not follow each other", where));
  }
  return files;
}

CheckpointFile read_replay_file(const fs::path& folder, const ReplayFile& listed) {
  const fs::path path = folder / listed.name;
  CheckpointFile file = read_checkpoint_file(path);
  check_format(file, "ddpg replay");
  if (file.checksum != listed.checksum)
    throw Error(fmt::format("[{}] it is another file than the checkpoint was made with", shown(path)));
  return file;
}

// Takes `prefix` and twelve or more digits off `name`.
bool take_number(std::string_view& name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return false;
  name.remove_prefix(prefix.size());
  const std::size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
  name.remove_prefix(digits);
  return digits >= 12;
}

}  // namespace

bool is_checkpoint_name(std::string_view name) {
  return take_number(name, "checkpoint-") && name == ".safetensors";
}

bool is_replay_name(std::string_view name) {
  return take_number(name, "replay-") && take_number(name, "-") && name == ".safetensors";
}

std::vector<fs::path> list_checkpoints(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (is_checkpoint_name(entry->path().filename().native())) files.push_back(entry->path());
  }
  if (error && error != std::errc::no_such_file_or_directory)
    throw Error(fmt::format("[checkpoints] cannot read {}: {}", shown(folder), error.message()));
  std::sort(files.rbegin(), files.rend());
  return files;
}

LoadedCheckpoint load_checkpoint(const fs::path& path, const std::atomic<bool>* stop, ReplayRows rows) {
  throw_if_stopped(stop, kLoading);
  const std::string where = shown(path);
  CheckpointFile file = read_checkpoint_file(path);
  check_format(file, "ddpg checkpoint");
  LoadedCheckpoint loaded{path,
                          {},
                          file.metadata,
                          file.text("ddpg"),
                          file.text("options"),
                          read_replay_files(file.text("replay_files"), where)};
  loaded.checksum = file.checksum;
  loaded.snapshot = Snapshot(std::move(file.parts), where);
  loaded.actions_in_units = file.text("version") == kFirstVersion;
  for (const ReplayFile& listed : loaded.replay_files) {
    throw_if_stopped(stop, kLoading);
    if (rows == ReplayRows::needed) read_replay_file(path.parent_path(), listed);
  }
  return loaded;
}

std::string damage_found(const std::function<void()>& use) try {
  use();
  return "";
} catch (const UsageError&) {
  throw;
} catch (const Interrupted&) {
  throw;
} catch (const UnreadableFile& error) {
  throw Error(fmt::format(
      "{}. It may be whole, so no older checkpoint takes its place: let it be read, or move it away", error.what()));
} catch (const Error& error) {
  return error.what();
}

void restore_replay_rows(const LoadedCheckpoint& checkpoint, Replay& replay, const std::atomic<bool>* stop) {
  for (const ReplayFile& listed : checkpoint.replay_files) {
    throw_if_stopped(stop, kLoading);
    const CheckpointFile file = read_replay_file(checkpoint.file.parent_path(), listed);
    take_rows(file, replay, listed.range);
  }
}

}  // namespace ddpg
