// The life of a training: evaluate, step, report, keep checkpoints, until the last step or until asked to stop. What a
// step is: agent/algorithm.cpp. What is in a checkpoint's files: checkpoints.h.
#pragma once

#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/algorithm.h"
#include "ddpg/train.h"
#include "envs/breakdowns.h"
#include "policy/content.h"
#include "run/checkpoints.h"
#include "run/elsewhere.h"
#include "run/task_record.h"

namespace ddpg {

class Training {
 public:
  // Whether it reads what its options let it start from, or a checkpoint has it, which restore() or begin_anew() takes.
  enum class Start { from_options, from_checkpoint };

  // `options` must be valid and resolved. `checkpoints`: the folder for them; "": none. When `*stop` becomes true,
  // constructor and restore() throw Interrupted, and run() saves and ends. So many of options.changes are in force
  // already, in the checkpoint that it is to be restored from.
  Training(const Options& options, const std::vector<Observer*>& observers, const std::string& checkpoints,
           const std::atomic<bool>* stop = nullptr, Start start = Start::from_options, std::size_t changes = 0,
           const Elsewhere& elsewhere = {});

  // Continues after the checkpoint, which must be of the same options (but for those that change no result). Before
  // run().
  void restore(LoadedCheckpoint& checkpoint);
  // Continues a training that has not made a step: its checkpoints may be replaced. Before run().
  void begin_anew(LoadedCheckpoint& unbegun);
  void begin_anew() { begins_anew_ = true; }
  // Given to the observers at the start.
  void warn(const std::string& text) { start_.warning += (start_.warning.empty() ? "" : "\n") + text; }

  TrainingResult run();
  // The policy as it stands.
  Policy current_policy() const;

 private:
  using Clock = std::chrono::steady_clock;

  double seconds() const;  // of the run, all its parts together

  // Each of these: false, when the training was asked to stop.
  bool begin();
  bool play();
  void step();
  bool after_round();
  bool report(bool evaluates);
  bool evaluate(Progress& progress);
  Evaluation test(Environment& environment, Policy& policy);
  bool evaluates_now(bool due_now, bool through);
  bool is_out_of_time();
  void judge(const Progress& progress);
  void apply_changes();
  void check_changes() const;
  std::unique_ptr<Environment> make_one(int number) const;
  VectorEnvironment::Copies make_copies() const;
  void make_evaluation_environment();
  bool is_last_whole_round(std::int64_t step) const;
  void keep(bool due_now, bool must);
  void keep_state(Snapshot state);
  void finish_checkpoint(const char* which, bool more_follow);
  void check_task(const LoadedCheckpoint& checkpoint) const;
  void take(LoadedCheckpoint& checkpoint);
  void exchange(Snapshot& snapshot);
  CheckpointTexts texts() const;
  Policy end(Outcome outcome, const std::string& error = "");
  [[noreturn]] void fail(std::exception_ptr error);

  Options asked_;        // with all their changes
  Options options_;      // in force
  std::size_t changes_;  // of asked_, in force
  Elsewhere elsewhere_;
  std::vector<Observer*> observers_;
  const std::atomic<bool>* stop_;
  std::size_t observers_started_ = 0;  // only these are called at the end
  std::shared_ptr<BreakdownLog> breakdowns_ = std::make_shared<BreakdownLog>();
  std::unique_ptr<Environment> evaluation_environment_;  // null: tests are played on the training's, or there are none
  bool steps_together_ = false;                          // one simulator steps all copies that are trained on
  std::unique_ptr<Loop> algorithm_;
  std::unique_ptr<CheckpointWriter> checkpoints_;
  TaskRecord task_;
  std::vector<ModelFile> model_;                  // of the task, for the policies
  std::vector<deploy::CarriedWrapper> wrappers_;  // of the environments, likewise
  RunStart start_;
  Summary summary_;

  // in a checkpoint, beside the algorithm
  std::int64_t before_ = 0;  // environment steps before the last round
  std::int64_t rows_ = 0;    // of progress, reported
  std::int64_t evaluations_ = 0;
  Evaluation last_evaluation_;
  double best_return_ = kNotMeasured;
  std::int64_t best_step_ = 0;                     // of that evaluation
  bool evaluation_pending_ = false;                // one is due, and waits for the end of an episode
  std::optional<Policy> best_;                     // of the evaluation with that return
  std::int64_t last_step_ = 0, last_updates_ = 0;  // of the last row
  double learning_seconds_ = 0;
  double earlier_seconds_ = 0;  // of the run, before this process took it up

  bool resumed_ = false;  // what is due after the round of the checkpoint is still to be done
  bool begins_anew_ = false;
  bool checkpoint_due_ = false;
  std::int64_t kept_step_ = -1;     // of the last checkpoint
  std::string checkpoint_failure_;  // of the last one that was tried; "": it is there, or being written
  std::string checkpoint_warning_;  // not reported yet
  std::string change_warning_;      // likewise
  std::string criterion_;           // of options.stop, once one is met
  Clock::time_point run_start_ = Clock::now(), segment_start_ = run_start_;
};

// train() and resume() (ddpg/train.h) with parts of it done elsewhere.
TrainingResult train(const Options& options, const std::vector<Observer*>& observers, const std::atomic<bool>* stop,
                     const std::string& checkpoints, const Elsewhere& elsewhere);
TrainingResult resume(const Options& options, const std::string& checkpoints, const std::vector<Observer*>& observers,
                      const std::atomic<bool>* stop, const Elsewhere& elsewhere);

// The policy that a training had when it kept that checkpoint. Throws Error.
Policy policy_of_checkpoint(const std::filesystem::path& file);

}  // namespace ddpg
