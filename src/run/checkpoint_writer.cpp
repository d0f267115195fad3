// Writing checkpoints: see checkpoints.h.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "ddpg/error.h"
#include "ddpg/interrupted.h"
#include "ddpg/version.h"
#include "run/checkpoints.h"
#include "run/file_rows.h"
#include "support/json.h"
#include "support/shown.h"

namespace ddpg {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kMostRows = 65'536;  // in a file of the replay buffer

std::string file_name(const ReplayRange& range) {
  return fmt::format("replay-{:012}-{:012}.safetensors", range.begin, range.end);
}

const fs::path& made(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw Error(fmt::format("[checkpoints] cannot make {}: {}", shown(folder), error.message()));
  return folder;
}

}  // namespace

CheckpointWriter::CheckpointWriter(fs::path folder, int keep, bool with_replay)
    : folder_(std::move(folder)),
      lock_(made(folder_), "another training keeps its checkpoints there now; wait for it, or name another folder"),
      identity_(folder_),
      keep_(static_cast<std::size_t>(keep)),
      with_replay_(with_replay) {}

CheckpointWriter::~CheckpointWriter() {
  if (job_.valid()) job_.wait();
}

void CheckpointWriter::check_unused() const {
  const auto files = list_checkpoints(folder_);
  if (files.empty()) return;
  throw UsageError(
      fmt::format("[checkpoints] {} holds {} of another training; resume() continues it, and a new "
                  "training needs a folder of its own",
                  shown(folder_), shown(files.front().filename())));
}

void CheckpointWriter::continue_from(const LoadedCheckpoint& checkpoint, const std::atomic<bool>* stop) {
  files_ = checkpoint.replay_files;
  kept_.clear();
  for (const fs::path& file : list_checkpoints(folder_)) {
    if (file > checkpoint.file) continue;
    // nothing can be resumed from an older one whose files are not all there
    try {
      kept_.push_back({file.filename().string(), load_checkpoint(file, stop).replay_files});
    } catch (const Interrupted&) {
      throw;
    } catch (const Error&) {
      continue;
    }
  }
  std::reverse(kept_.begin(), kept_.end());
}

void CheckpointWriter::finish() {
  if (job_.valid()) job_.get();
}

void CheckpointWriter::start(std::function<void()> job) {
  finish();
  busy_.store(true, std::memory_order_release);
  const auto shared = std::make_shared<std::function<void()>>(std::move(job));  // which holds megabytes: never copied
  const auto work = [this, shared] {
    const std::unique_ptr<std::atomic<bool>, void (*)(std::atomic<bool>*)> at_end(
        &busy_, [](std::atomic<bool>* busy) { busy->store(false, std::memory_order_release); });
    identity_.check("checkpoints");
    (*shared)();
  };
  try {
    job_ = std::async(std::launch::async, work);
  } catch (const std::system_error&) {  // no thread is to be had: then the training waits for it
    job_ = std::async(std::launch::deferred, work);
    job_.wait();
  }
}

// The rows that no file holds yet, and with them those of the last files where these are small: so that there are never
// many files, and a row is written a few times at most. Not where the ring would soon need the rows' place.
CheckpointWriter::Rows CheckpointWriter::unwritten(const Replay& replay) const {
  if (!with_replay_) return {{}, files_.size()};
  Rows rows{replay.settled(), 0};
  ReplayRange& range = rows.range;
  if (files_.empty() || files_.back().range.end < range.begin) {  // nothing yet, or the ring has run ahead of the files
    rows.replaced = files_.size();
    return rows;
  }
  range.begin = files_.back().range.end;
  const std::int64_t oldest = std::max(replay.kept().begin, replay.kept().end - replay.capacity() * 3 / 4);
  for (; rows.replaced < files_.size(); rows.replaced++) {
    const ReplayRange& before = files_[files_.size() - 1 - rows.replaced].range;
    if (before.size() > 2 * range.size() || range.end - before.begin > kMostRows || before.begin < oldest) break;
    range.begin = before.begin;
  }
  return rows;
}

void CheckpointWriter::write(std::int64_t step, Snapshot state, CheckpointTexts texts, const Replay& replay) {
  const Rows rows = unwritten(replay);
  writing_ = rows.range;
  const std::int64_t oldest = replay.kept().begin;
  start([this, step, state = std::move(state), texts = std::move(texts), &replay, rows, oldest] {
    write_rows(rows, replay);
    std::erase_if(files_, [&](const ReplayFile& file) { return file.range.end <= oldest; });
    write_state(step, state, texts);
    remove_what_is_not_kept();
  });
}

void CheckpointWriter::write_ahead(const Replay& replay) {
  if (!with_replay_) return;
  const std::int64_t enough = std::min(kMostRows, std::max<std::int64_t>(1, replay.capacity() / 4));
  if (!files_.empty() && replay.kept().end - files_.back().range.end < enough) return;
  const Rows rows = unwritten(replay);
  if (rows.range.size() < enough) return;
  writing_ = rows.range;
  start([this, rows, &replay] { write_rows(rows, replay); });
}

void CheckpointWriter::make_room(const Replay& replay, std::int64_t transitions) {
  if (busy() && replay.would_overwrite(writing_, transitions)) job_.wait();
}

// In files of at most kMostRows. What they replace is forgotten once they are there.
void CheckpointWriter::write_rows(const Rows& rows, const Replay& replay) {
  std::vector<ReplayFile> files;
  for (std::int64_t begin = rows.range.begin; begin < rows.range.end; begin += kMostRows)
    files.push_back(write_replay_file({begin, std::min(begin + kMostRows, rows.range.end)}, replay));
  files_.resize(files_.size() - rows.replaced);
  files_.insert(files_.end(), files.begin(), files.end());
}

ReplayFile CheckpointWriter::write_replay_file(const ReplayRange& range, const Replay& replay) const {
  CheckpointFileWriter file;
  file.metadata("format", "ddpg replay");
  file.metadata("version", kCheckpointVersion);
  add_rows(file, replay, range);
  const std::string name = file_name(range);
  return {name, range, file.write(folder_ / name)};
}

void CheckpointWriter::write_state(std::int64_t step, const Snapshot& state, const CheckpointTexts& texts) {
  Json list = Json::array();
  for (const ReplayFile& file : files_) {
    list.push_back(
        {{"file", file.name}, {"begin", file.range.begin}, {"end", file.range.end}, {"checksum", file.checksum}});
  }
  CheckpointFileWriter file;
  file.metadata("format", "ddpg checkpoint");
  file.metadata("version", kCheckpointVersion);
  file.metadata("ddpg", kVersion);
  file.metadata("step", std::to_string(step));
  for (const auto& [key, text] : texts) file.metadata(key, text);
  file.metadata("replay_files", list.dump());
  for (const SnapshotPart& part : state.parts())
    file.add(part.name, part.dtype, part.shape, [&part](const auto& sink) { sink(part.bytes); });
  const std::string name = fmt::format("checkpoint-{:012}.safetensors", step);
  file.write(folder_ / name);
  std::erase_if(kept_, [&](const Kept& kept) { return kept.name == name; });
  kept_.push_back({name, files_});
}

// What cannot be removed stays; nothing depends on it. What has not the name of ours is somebody's own.
void CheckpointWriter::remove_what_is_not_kept() {
  if (kept_.size() > keep_) kept_.erase(kept_.begin(), kept_.end() - static_cast<std::ptrdiff_t>(keep_));
  std::set<std::string> names;
  for (const Kept& kept : kept_) {
    names.insert(kept.name);
    for (const ReplayFile& file : kept.replay_files) names.insert(file.name);
  }
  for (const ReplayFile& file : files_) names.insert(file.name);
  std::error_code ignored;
  std::vector<fs::path> unused;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, ignored)) {
    const std::string name = entry.path().filename().string();
    const bool ours = is_checkpoint_name(name) || is_replay_name(name);
    if (ours && !names.contains(name)) unused.push_back(entry.path());
  }
  remove_temporaries(folder_);
  // checkpoints go before the rows they need, and where one cannot go these stay, so that whatever is there is whole
  std::sort(unused.begin(), unused.end());
  for (const fs::path& path : unused) {
    std::error_code error;
    fs::remove(path, error);
    if (error) return;
  }
}

}  // namespace ddpg
