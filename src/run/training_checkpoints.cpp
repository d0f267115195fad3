// When a training keeps a checkpoint, what is in it beside the algorithm, and how it goes on from one.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ddpg/error.h"
#include "run/training.h"

namespace ddpg {
namespace {

constexpr std::chrono::milliseconds kPatience(50);

void exchange_evaluation(Snapshot& snapshot, Evaluation& evaluation) {
  snapshot.value("episodes", evaluation.episodes);
  snapshot.value("mean_return", evaluation.mean_return);
  snapshot.value("std_return", evaluation.std_return);
  snapshot.value("min_return", evaluation.min_return);
  snapshot.value("max_return", evaluation.max_return);
  snapshot.value("mean_length", evaluation.mean_length);
  snapshot.value("predicted_q", evaluation.predicted_q);
  snapshot.value("discounted_return", evaluation.discounted_return);
}

// What was learnt from actions in other units is no start for this critic; with bounds of +-1 they are the same.
void check_actions(const LoadedCheckpoint& checkpoint, const Specification& specification) {
  const auto is = [](float bound) { return [bound](float found) { return found == bound; }; };
  if (!checkpoint.actions_in_units || (std::ranges::all_of(specification.action_low, is(-1.0f)) &&
                                       std::ranges::all_of(specification.action_high, is(1.0f))))
    return;
  throw Error(fmt::format(
      "[{}] it is of version 1 of the format, whose critic and replay buffer hold actions in the units of {}; this "
      "ddpg holds them in [-1, 1]. Resume the run with the ddpg that wrote it, or train anew; the run's policies are "
      "read as before",
      checkpoint.file.string(), specification.name));
}

}  // namespace

void Training::exchange(Snapshot& snapshot) {
  double seconds = earlier_seconds_ + std::chrono::duration<double>(Clock::now() - run_start_).count();
  snapshot.inside("training", [&] {
    snapshot.value("before", before_);
    snapshot.value("rows", rows_);
    snapshot.value("evaluations", evaluations_);
    snapshot.value("best_return", best_return_);
    snapshot.value("last_step", last_step_);
    snapshot.value("last_updates", last_updates_);
    snapshot.value("learning_seconds", learning_seconds_);
    snapshot.value("seconds", seconds);
    snapshot.inside("first_evaluation", [&] { exchange_evaluation(snapshot, summary_.before); });
    snapshot.inside("last_evaluation", [&] { exchange_evaluation(snapshot, last_evaluation_); });
  });
  if (snapshot.restores()) earlier_seconds_ = seconds;
  snapshot.inside("algorithm", [&] { algorithm_->exchange(snapshot); });
}

// Later rounds are cut short, and a run that is given more steps must not see that.
bool Training::is_last_whole_round(std::int64_t step) const {
  return before_ + options_.environments <= options_.steps && step + options_.environments > options_.steps;
}

// A checkpoint that is due while the one before it is still being written makes the training wait a moment; then it
// waits itself. One that `must` be made makes the training wait as long as it takes. One that fails is told with the
// next row of progress, and tried again when the next is due; the last one's failure is the training's.
void Training::keep(bool due_now, bool must) {
  checkpoint_due_ |= due_now;
  if (!must && !checkpoints_->ready(due_now ? kPatience : std::chrono::milliseconds(0))) return;
  const auto note = [&](const char* what) {
    try {
      checkpoints_->finish();
    } catch (const Error& error) {
      checkpoint_failure_ = std::string(what) + error.what();
      warning_ += (warning_.empty() ? "" : "; ") + checkpoint_failure_;
      kept_step_ = -1;
    }
  };
  note("a checkpoint could not be written, the one before it stays, and the next is tried when it is due: ");
  checkpoint_due_ |= must && kept_step_ != algorithm_->steps();
  if (!checkpoint_due_) {
    if (!must) checkpoints_->write_ahead(algorithm_->replay());
    return;
  }
  checkpoint_due_ = false;
  kept_step_ = algorithm_->steps();
  checkpoint_failure_.clear();
  Snapshot state;
  exchange(state);
  checkpoints_->write(algorithm_->steps(), std::move(state), to_toml(options_), algorithm_->replay());
  if (must) note("the last checkpoint could not be written; the policy is saved, and the checkpoint before it stays: ");
}

void Training::restore(LoadedCheckpoint& checkpoint) {
  check_actions(checkpoint, start_.specification);
  restore_replay_rows(checkpoint, algorithm_->replay(), stop_);
  exchange(checkpoint.snapshot);
  if (!checkpoint.replay_files.empty()) {
    const std::int64_t settled = algorithm_->replay().settled().end;
    if (checkpoint.replay_files.back().range.end > settled)
      throw Error("[resume] its files hold more of the replay buffer than there was; the checkpoint is damaged");
  }
  if (algorithm_->steps() > options_.steps) throw Error("[resume] the checkpoint is beyond the steps asked for");
  if (checkpoints_) checkpoints_->go_on_from(checkpoint, stop_);
  kept_step_ = algorithm_->steps();
  resumed_ = true;
  segment_start_ = Clock::now();
}

}  // namespace ddpg
