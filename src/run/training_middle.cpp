// What happens to a training in its middle: its environments, tests on them, options that change, and what ends it
// before its last step.
#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "agent/exploration.h"
#include "agent/hindsight.h"
#include "agent/memory.h"
#include "ddpg/error.h"
#include "options/option_changes.h"
#include "options/option_table.h"
#include "run/carried.h"
#include "run/evaluation.h"
#include "run/make_copy.h"
#include "run/training.h"
#include "support/stop.h"

namespace ddpg {

std::unique_ptr<Environment> Training::make_one(int number) const {
  throw_if_stopped(stop_, "making the environments");
  return make_copy(options_, number, breakdowns_);
}

VectorEnvironment::Copies Training::make_copies() const {
  if (elsewhere_.copies) return elsewhere_.copies(options_);
  VectorEnvironment::Copies copies;
  for (int i = 0; i < options_.environments; i++) copies.push_back(make_one(i + 1));
  return copies;
}

void Training::make_evaluation_environment() {
  evaluation_environment_.reset();
  if (options_.evaluation_episodes > 0 && options_.evaluate_on == EvaluateOn::own)
    evaluation_environment_ = make_one(0);
}

// A change to come that cannot be must not end the training when it comes.
void Training::check_changes() const {
  Options before = options_;
  for (std::size_t count = changes_ + 1; count <= asked_.changes.size(); count++) {
    const Options now = with_changes(asked_, count);
    Exploration(now.exploration, start_.specification.action_size());
    if (steps_together_) check_steps_together(now);
    if (now.env != before.env) {
      const std::unique_ptr<Environment> world = make_environment(now.environment, now.env);
      check_same_sizes(start_.specification, world->specification());
      if (const std::string why = why_no_hindsight(now, world->specification()); !why.empty())
        throw UsageError("[changes] " + why);
      if (model_of(*world) != model_)
        throw UsageError(
            fmt::format("[changes] the changed settings make {} of another model; train it anew, or from what this run "
                        "has learnt: ddpg train --from RUN",
                        now.environment));
    }
    before = now;
  }
  check_memory(before, start_.specification,
               Replay::size_in_bytes(start_.specification.observation_size, start_.specification.action_size(),
                                     before.replay_capacity, before.environments));
}

// On the environment that is trained on a test waits until an episode has ended; the last one does not.
bool Training::evaluates_now(bool due_now, bool ends) {
  if (ends || options_.evaluate_on == EvaluateOn::own) return ends || due_now;
  evaluation_pending_ |= due_now;
  return evaluation_pending_ && algorithm_->between_episodes();
}

bool Training::is_out_of_time() {
  if (options_.stop.after <= 0) return false;
  const double now = seconds();
  if (now < options_.stop.after) return false;
  criterion_ = fmt::format("stop.after = {}: it has trained for {:.0f} s", options_.stop.after, now);
  return true;
}

void Training::judge(const Progress& progress) {
  if (progress.evaluation.episodes == 0 || !criterion_.empty()) return;
  const StopOptions& stop = options_.stop;
  if (is_whole(progress.evaluation) && progress.evaluation.mean_return >= stop.at_return)
    criterion_ = fmt::format("stop.at_return = {}: the mean return of the last test is {:.6g}", stop.at_return,
                             progress.evaluation.mean_return);
  else if (stop.no_progress_for > 0 && progress.step - best_step_ >= stop.no_progress_for)
    criterion_ = fmt::format("stop.no_progress_for = {}: no test was better than that of step {}", stop.no_progress_for,
                             best_step_);
}

// After the checkpoint of that step, and before what is reported of it: what is resumed from there does the same.
void Training::apply_changes() {
  const Options before = options_;
  while (changes_ < asked_.changes.size() && read_change(asked_.changes[changes_]).step <= algorithm_->steps()) {
    const std::string& text = asked_.changes[changes_++];
    change_warning_ += fmt::format("{}changed from step {} on: {}", change_warning_.empty() ? "" : "; ",
                                   algorithm_->steps(), text.substr(text.find(' ') + 1));
  }
  options_ = with_changes(asked_, changes_);
  if (options_ == before) return;
  const bool other_world = options_.env != before.env || options_.on_breakdown != before.on_breakdown;
  const bool tests_elsewhere = options_.evaluate_on != before.evaluate_on ||
                               (options_.evaluation_episodes > 0) != (before.evaluation_episodes > 0);
  if (other_world || tests_elsewhere) make_evaluation_environment();
  const auto beyond_reports = [](const OptionEntry& entry) { return entry.scope != Scope::record; };
  if (!other_world && differences(options_, before, beyond_reports).empty()) return;
  VectorEnvironment::Copies copies;
  if (other_world) {
    copies = make_copies();
    wrappers_ = carried_wrappers(*copies.front());
  }
  if (checkpoints_) finish_checkpoint("a checkpoint", true);  // it may be reading the replay buffer
  algorithm_->change(options_, std::move(copies));
}

}  // namespace ddpg
