// When a training keeps a checkpoint, what is in it beside the algorithm, and how it resumes from one.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ddpg/error.h"
#include "policy/format.h"
#include "run/beginning.h"
#include "run/training.h"
#include "support/shown.h"

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
  throw UsageError(fmt::format(
      "[{}] it is of version 1 of the format, whose critic and replay buffer hold actions in the units of {}; this "
      "ddpg holds them in [-1, 1]. Resume the run with the ddpg that wrote it, or train anew; the run's policies are "
      "read as before",
      checkpoint.file.string(), specification.name));
}

// As the bytes of its file. Checkpoints of older versions do not hold it.
void exchange_policy(Snapshot& snapshot, std::optional<Policy>& policy) {
  if (snapshot.restores() && !snapshot.has("best_policy")) return;
  std::string bytes;
  if (!snapshot.restores() && policy) bytes = encode_policy(policy->content());
  snapshot.text("best_policy", bytes);
  if (!snapshot.restores()) return;
  policy.reset();
  if (!bytes.empty()) policy.emplace(decode_policy(bytes, "checkpoint, best policy"));
}

}  // namespace

void Training::exchange(Snapshot& snapshot) {
  double seconds = this->seconds();
  snapshot.inside("training", [&] {
    snapshot.value("before", before_);
    snapshot.value("rows", rows_);
    snapshot.value("evaluations", evaluations_);
    snapshot.value("best_return", best_return_);
    if (snapshot.restores() ? snapshot.has("best_step") : best_step_ > 0) snapshot.value("best_step", best_step_);
    if (snapshot.restores() ? snapshot.has("evaluation_pending") : evaluation_pending_)
      snapshot.value("evaluation_pending", evaluation_pending_);
    auto changes = static_cast<std::int64_t>(changes_);
    if (!snapshot.restores() && changes > 0) snapshot.value("changes", changes);
    exchange_policy(snapshot, best_);
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
// waits itself. One that `must` be made makes the training wait as long as it takes. One that fails is reported with
// the next row of progress, and nothing is tried again before the next is due.
void Training::keep(bool due_now, bool must) {
  checkpoint_due_ |= due_now;
  if (!must && !checkpoints_->ready(due_now ? kPatience : std::chrono::milliseconds(0))) return;
  finish_checkpoint("a checkpoint", true);
  checkpoint_due_ |= must && kept_step_ != algorithm_->steps();
  if (!checkpoint_due_) {
    if (!must && checkpoint_failure_.empty()) checkpoints_->write_ahead(algorithm_->replay());
    return;
  }
  checkpoint_due_ = false;
  kept_step_ = algorithm_->steps();
  checkpoint_failure_.clear();
  const bool first = algorithm_->steps() == 0;
  Snapshot state;
  exchange(state);
  checkpoints_->write(algorithm_->steps(), std::move(state), texts(), algorithm_->replay());
  if (must) finish_checkpoint(first ? "the first checkpoint" : "the last checkpoint", first);
}

// One of this step, as it was a moment ago: nothing of the replay buffer has changed since.
void Training::keep_state(Snapshot state) {
  finish_checkpoint("a checkpoint", true);
  kept_step_ = algorithm_->steps();
  checkpoint_failure_.clear();
  checkpoints_->write(kept_step_, std::move(state), texts(), algorithm_->replay());
  finish_checkpoint("the last checkpoint", false);
}

// Of many failures between two rows the last is reported.
void Training::finish_checkpoint(const char* which, bool more_follow) try {
  checkpoints_->finish();
} catch (const Error& error) {
  kept_step_ = -1;
  checkpoint_failure_ = std::string(which) + " could not be written; " +
                        (checkpoints_->holds_any() ? "the one before it stays" : "there is none to resume from") +
                        (more_follow ? ", and the next is tried when it is due: " : ": ") + error.what();
  checkpoint_warning_ = checkpoint_failure_;
}

// Checkpoints of older versions do not hold it.
void Training::check_task(const LoadedCheckpoint& checkpoint) const {
  const auto kept = checkpoint.texts.find("task");
  if (kept == checkpoint.texts.end()) return;
  const std::string where = checkpoint.file.string();
  check_same_task(task_from_json(kept->second, where), task_, where);
}

CheckpointTexts Training::texts() const {
  CheckpointTexts texts{{"options", to_toml(asked_)}, {"task", to_json(task_)}};
  if (!start_.sources.empty()) texts["sources"] = start_.sources;
  return texts;
}

// What it began from is in it; the files may be gone.
void Training::begin_anew(LoadedCheckpoint& unbegun) {
  check_task(unbegun);
  if (begins_from_something(options_)) take(unbegun);
  begins_anew_ = true;
}

void Training::take(LoadedCheckpoint& checkpoint) {
  restore_replay_rows(checkpoint, algorithm_->replay(), stop_);
  exchange(checkpoint.snapshot);
  if (const auto sources = checkpoint.texts.find("sources"); sources != checkpoint.texts.end())
    start_.sources = sources->second;
}

void Training::restore(LoadedCheckpoint& checkpoint) {
  check_actions(checkpoint, start_.specification);
  check_task(checkpoint);
  take(checkpoint);
  if (!checkpoint.replay_files.empty()) {
    const std::int64_t settled = algorithm_->replay().settled().end;
    if (checkpoint.replay_files.back().range.end > settled)
      throw Error("[resume] its files hold more of the replay buffer than there was; the checkpoint is damaged");
  }
  // not passed over for an older one, which would throw away what this one holds
  if (algorithm_->steps() > options_.steps)
    throw UsageError(fmt::format("[resume] steps = {}, and {} has done {} already; give that many or more",
                                 options_.steps, shown(checkpoint.file), algorithm_->steps()));
  if (checkpoints_) checkpoints_->continue_from(checkpoint, stop_);
  kept_step_ = algorithm_->steps();
  resumed_ = true;
  segment_start_ = Clock::now();
}

}  // namespace ddpg
