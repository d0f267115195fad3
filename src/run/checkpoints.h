// The checkpoints of a run: files from which a training resumes to the same bits. docs/checkpoints.md says more.
//   - checkpoint-<step>.safetensors: everything but the replay buffer's settled rows, and the list of files with these
//   - replay-<begin>-<end>.safetensors: a stretch of the replay buffer, never changed once it is there; several
//     checkpoints share it
// Not here: when a checkpoint is due (training_checkpoints.cpp), and what is in a state (agent/agent_state.cpp,
// agent/algorithm_state.cpp).
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agent/replay.h"
#include "run/checkpoint_file.h"
#include "support/files.h"
#include "support/folder_lock.h"

namespace ddpg {

// The version of the format. Version 1, which is read too, holds actions in the environment's units, version 2 in
// [-1, 1]; and in its links places in a ring of last observations, which nothing needs.
inline constexpr const char* kCheckpointVersion = "2";

// Texts in a checkpoint beside its state, by their keys.
using CheckpointTexts = std::map<std::string, std::string>;

// A file with settled rows of the replay buffer.
struct ReplayFile {
  std::string name;
  ReplayRange range;
  std::uint32_t checksum = 0;
};

// A checkpoint as it was read, and all its files verified.
struct LoadedCheckpoint {
  std::filesystem::path file;
  Snapshot snapshot;
  CheckpointTexts texts;
  std::string version;  // of the ddpg that wrote it
  std::string options;  // as TOML
  std::vector<ReplayFile> replay_files;
  std::uint32_t checksum = 0;     // of its checksums
  bool actions_in_units = false;  // of the environment: version 1 of the format
};

// Whether a file of that name is one that a CheckpointWriter writes: what else lies in its folder is somebody's own,
// and stays.
bool is_checkpoint_name(std::string_view name);  // checkpoint-000000010000.safetensors
bool is_replay_name(std::string_view name);      // replay-000000000000-000000010000.safetensors

// The checkpoints in `folder`, newest first; none where there is no such folder. Throws Error where it cannot be read:
// that must never be taken for a run without checkpoints.
std::vector<std::filesystem::path> list_checkpoints(const std::filesystem::path& folder);
// Throws Error naming the file and what is wrong with it, UsageError where it is of another version of the format,
// UnreadableFile where its bytes cannot be had, Interrupted when `*stop` becomes true: looked at between two files, of
// which none is long.
// The files of the replay buffer's rows, which several checkpoints share, are looked at unless they are not `needed`.
enum class ReplayRows { needed, not_needed };
LoadedCheckpoint load_checkpoint(const std::filesystem::path& file, const std::atomic<bool>* stop = nullptr,
                                 ReplayRows rows = ReplayRows::needed);
// Calls `use`, which reads a checkpoint, and returns what is wrong with its bytes; "" where nothing is. For that alone
// may an older checkpoint take its place. Where they may be whole it throws: they are of another version of the format,
// they cannot be read, or the caller asked for what cannot be.
std::string damage_found(const std::function<void()>& use);
// Copies the rows of its files into `replay`, whose sizes are those of the options. Throws Error, Interrupted likewise.
void restore_replay_rows(const LoadedCheckpoint& checkpoint, Replay& replay, const std::atomic<bool>* stop = nullptr);

// Writes checkpoints into a folder, in the background: the training copies its state, which is small, and continues;
// the rows of the replay buffer are written from where they lie, only those that no file holds yet.
class CheckpointWriter {
 public:
  // Makes the folder, and holds it: throws UsageError where another training keeps its checkpoints there now. `keep` >=
  // 1 checkpoints stay; older ones go when a new one is there. Without `with_replay` the rows of the replay buffer are
  // left out.
  CheckpointWriter(std::filesystem::path folder, int keep, bool with_replay = true);
  ~CheckpointWriter();
  CheckpointWriter(const CheckpointWriter&) = delete;

  // Throws UsageError where the folder holds checkpoints: they are another training's.
  void check_unused() const;
  // Continues after `checkpoint`. What is in the folder and is not part of it or of an older one goes with the next
  // checkpoint, not before. Throws Interrupted likewise.
  void continue_from(const LoadedCheckpoint& checkpoint, const std::atomic<bool>* stop = nullptr);
  // Whether there is a checkpoint to resume from. Only when not busy().
  bool holds_any() const { return !kept_.empty(); }

  bool busy() const { return busy_.load(std::memory_order_acquire); }
  // Not busy, or no longer after at most this time.
  bool ready(std::chrono::milliseconds patience) const {
    return !busy() || (patience.count() > 0 && job_.wait_for(patience) == std::future_status::ready);
  }
  // Waits until nothing is being written. Throws what the last write threw: then its checkpoint is not there, and the
  // one before it is.
  void finish();

  // In the background; only when not busy(). The replay buffer must outlive it.
  void write(std::int64_t step, Snapshot state, CheckpointTexts texts, const Replay& replay);
  // Rows ahead of the next checkpoint, once they are many enough to be worth a file; so that none is ever long. Only
  // when not busy().
  void write_ahead(const Replay& replay);
  // To be called before so many more transitions are added: waits where they would overwrite rows that are being
  // written.
  void make_room(const Replay& replay, std::int64_t transitions);

 private:
  struct Kept {
    std::string name;
    std::vector<ReplayFile> replay_files;
  };

  struct Rows {
    ReplayRange range;
    std::size_t replaced = 0;  // so many of the last files hold a part of it
  };

  void start(std::function<void()> job);
  Rows unwritten(const Replay& replay) const;
  void write_rows(const Rows& rows, const Replay& replay);
  ReplayFile write_replay_file(const ReplayRange& range, const Replay& replay) const;
  void write_state(std::int64_t step, const Snapshot& state, const CheckpointTexts& texts);
  void remove_what_is_not_kept();

  std::filesystem::path folder_;
  FolderLock lock_;
  FolderIdentity identity_;
  std::size_t keep_;
  bool with_replay_;
  std::vector<ReplayFile> files_;  // of the replay buffer as far as it is written; in order, without gaps
  std::vector<Kept> kept_;         // oldest first
  ReplayRange writing_;            // what must not be overwritten while busy
  std::atomic<bool> busy_ = false;
  std::future<void> job_;
};

}  // namespace ddpg
