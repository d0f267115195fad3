// The folder of a run on disk: what was asked, on which machine, the policy, how it ended. docs/run-folder.md says
// more.
//   - config.toml: the resolved options; `ddpg train --config` with it repeats the run
//   - machine.json: when, where and with what it ran
//   - task.json: what the task was made of (task_record.h)
//   - sources.json: which files it began from, where it did (beginning.h)
//   - status.json: whether it runs, and how far it is
//   - policy.ddpg: the last policy, replaced atomically during the training and at the end
//   - best.ddpg: the policy of the best evaluation
//   - checkpoints/: what the run resumes from (checkpoints.h)
//   - summary.json: the result
// Not here: progress.csv, the table of progress, which record/csv.h writes. What becomes of a training where one of
// these cannot be written: docs/reliability.md.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ddpg/observer.h"
#include "run/record_kinds.h"
#include "run/run_keeper.h"
#include "support/files.h"
#include "support/folder_lock.h"

namespace ddpg {

class RunFolder : public Observer, public RunKeeper {
 public:
  // Takes `root`/<environment>/<configuration_name()>-seed<S>, or the first of -2, -3, ... that nobody has. Safe
  // against others doing the same.
  static RunFolder next_free(const Options& options, const std::filesystem::path& root = "runs");
  // Takes exactly `path`. Throws UsageError when it exists and is not empty, unless `overwrite`: then the files that
  // ddpg wrote are removed when training starts, and a folder that is no run of ddpg's is refused all the same.
  static RunFolder at(const std::filesystem::path& path, bool overwrite);

  // Takes the run in `path` to resume it. Throws UsageError when there is none, when another training writes there,
  // and when it has learnt but holds no checkpoint to resume from.
  static RunFolder resume(const std::filesystem::path& path);

  // `records`: what else writes into the folder. Called through the folder, so that its files are there
  // before config.toml is: a run that can be resumed is whole. In a resumed run started() must change nothing that was
  // recorded: the first new row does. `names`: those by which a resumed run knows what it
  // records. `warn` gets what could not be written without being a reason to stop. Before started().
  void set_records(Observer* records, RecordNames names = {}) {
    records_ = records;
    record_names_ = std::move(names);
  }
  void set_warn(std::function<void(const std::string&)> warn) { warn_ = std::move(warn); }

  // Releases the folder. One that was made here and in which no training started is removed.
  ~RunFolder() override;
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  bool has_started() const { return started_; }
  std::filesystem::path policy_file() const { return path_ / "policy.ddpg"; }
  std::filesystem::path best_file() const { return path_ / "best.ddpg"; }
  std::filesystem::path checkpoints() const { return path_ / "checkpoints"; }
  // The options in config.toml.
  Options options() const;

  void keeps(const TaskRecord& task, const Policy* best) override;
  void started(const RunStart& start) override;
  void progressed(const Progress& progress, const Policy& policy) override;
  void ended(const Summary& summary, const Policy& policy) override;

 private:
  enum class Use { fresh, overwrite, resume };
  RunFolder(std::filesystem::path path, bool made_here, Use use);
  void check_free(Use use) const;
  void check_resumable() const;
  void go_back_to_checkpoint();
  void write_machine(const RunStart& start) const;
  void write_progress(const Progress& progress, const Policy& policy);
  void write_status(const char* state, std::int64_t step, const std::string& message = "");
  bool attempt(const std::function<void()>& write, const char* otherwise, bool& fails);

  std::filesystem::path path_;
  FolderLock lock_;
  FolderIdentity identity_;
  Observer* records_ = nullptr;
  RecordNames record_names_;
  std::string task_;            // as JSON
  std::optional<Policy> best_;  // of the best evaluation before the checkpoint
  std::function<void(const std::string&)> warn_;
  bool status_fails_ = false, policy_fails_ = false;  // reported already
  bool made_here_ = false, resumes_ = false;
  bool started_ = false, continues_ = false;  // continues_: after a checkpoint, and there is no new row yet
  Options options_;
  std::string start_time_;
  std::int64_t saved_step_ = 0;
};

}  // namespace ddpg
