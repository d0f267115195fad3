// The life of a training: see training.h.
#include "run/training.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <string>
#include <utility>

#include "agent/hindsight.h"
#include "agent/memory.h"
#include "ddpg/error.h"
#include "ddpg/interrupted.h"
#include "ddpg/version.h"
#include "envs/stepped_together.h"
#include "options/option_changes.h"
#include "run/beginning.h"
#include "run/carried.h"
#include "run/evaluation.h"
#include "run/run_keeper.h"
#include "support/stop.h"

namespace ddpg {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Has a multiple of the interval been reached or passed since `before`?
bool due(std::int64_t interval, std::int64_t before, std::int64_t step) {
  return interval > 0 && step / interval > before / interval;
}

bool stops_by_test(const StopOptions& stop) {
  return std::isfinite(stop.at_return) || stop.no_progress_for > 0;
}

const std::vector<Observer*>& none_null(const std::vector<Observer*>& observers) {
  const auto null = std::find(observers.begin(), observers.end(), nullptr);
  if (null == observers.end()) return observers;
  throw UsageError("[training] observer " + std::to_string(null - observers.begin()) + " is null");
}

}  // namespace

Training::Training(const Options& options, const std::vector<Observer*>& observers, const std::string& checkpoints,
                   const std::atomic<bool>* stop, Start start, std::size_t changes, const Elsewhere& elsewhere)
    : asked_(options),
      options_(with_changes(options, changes)),
      changes_(changes),
      elsewhere_(elsewhere),
      observers_(none_null(observers)),
      stop_(stop) {
  make_evaluation_environment();
  VectorEnvironment::Copies copies;
  if (!elsewhere_.loop) copies = make_copies();
  // of one in another process its model is not seen
  const bool is_elsewhere = elsewhere_.loop || elsewhere_.copies;
  const std::unique_ptr<Environment> here = is_elsewhere && !evaluation_environment_ ? make_one(0) : nullptr;
  Environment& first = evaluation_environment_ ? *evaluation_environment_ : here ? *here : *copies.front();
  const Specification specification = first.specification();
  steps_together_ = !copies.empty() && is_stepped_together(*copies.front());
  if (const std::string why = why_no_hindsight(options_, specification); !why.empty())
    throw UsageError("[options] " + why);
  start_.options = asked_;
  start_.specification = specification;
  task_ = task_record(first);
  model_ = model_of(first);
  wrappers_ = carried_wrappers(first);
  start_.replay_bytes = Replay::size_in_bytes(specification.observation_size, specification.action_size(),
                                              options_.replay_capacity, options_.environments);
  check_memory(options_, specification, start_.replay_bytes);
  check_changes();
  const auto prepare = [&](AgentCore& agent) {
    if (start != Start::from_options || !begins_from_something(options_)) return;
    const Beginning beginning = begin_from(options_, agent, stop_);
    start_.sources = beginning.sources;
    if (!beginning.warning.empty()) warn(beginning.warning);
  };
  if (elsewhere_.loop)
    algorithm_ = elsewhere_.loop(options_, specification, prepare);
  else
    algorithm_ = std::make_unique<Algorithm>(options_, std::move(copies), nullptr, stop_, prepare);
  start_.actor_parameters = algorithm_->networks().actor.network.parameter_count();
  start_.critic_parameters = algorithm_->networks().critic().network.parameter_count();
  start_.kernels = best_kernels().name;
  start_.players = algorithm_->players();
  if (!checkpoints.empty())
    checkpoints_ =
        std::make_unique<CheckpointWriter>(checkpoints, options_.checkpoints_kept, options_.checkpoint_replay);
}

double Training::seconds() const {
  return earlier_seconds_ + seconds_since(run_start_);
}

TrainingResult Training::run() {
  bool finished = false;
  try {
    finished = begin() && play();
  } catch (...) {
    fail(std::current_exception());
  }
  const Outcome outcome = finished || !criterion_.empty() ? Outcome::finished : Outcome::interrupted;
  Policy policy = end(checkpoint_failure_.empty() ? outcome : Outcome::failed, checkpoint_failure_);
  return {summary_, std::move(policy)};
}

bool Training::begin() {
  start_.step = algorithm_->steps();
  start_.rows = rows_;
  start_.last_row_step = last_step_;
  for (Observer* observer : observers_) {
    observers_started_++;
    if (auto* keeper = dynamic_cast<RunKeeper*>(observer)) keeper->keeps(task_, best_ ? &*best_ : nullptr);
    observer->started(start_);
  }
  if (resumed_) return true;
  if (checkpoints_) {
    if (!begins_anew_) checkpoints_->check_unused();
    keep(true, true);  // so that a run without a checkpoint is one whose checkpoints are gone
  }
  apply_changes();  // those from step 0 on
  const bool goes_on = report(options_.evaluation_episodes > 0);
  summary_.before = last_evaluation_;
  return goes_on && criterion_.empty();
}

bool Training::play() {
  if (resumed_ && !options_.overlap) algorithm_->learn(stop_);  // what a stop among the updates of a round left
  if (!algorithm_->learn_offline(stop_)) {
    if (checkpoints_) keep(false, true);
    return false;
  }
  bool goes_on = resumed_ ? after_round() : !is_set(stop_);
  while (goes_on && algorithm_->steps() < options_.steps) {
    before_ = algorithm_->steps();
    if (checkpoints_) checkpoints_->make_room(algorithm_->replay(), algorithm_->most_of_a_step());
    step();
    for (Observer* observer : observers_) observer->stepped(algorithm_->steps());
    goes_on = after_round();
  }
  return goes_on;
}

// Where nobody plays any more, what was learnt is kept for a resume with others.
void Training::step() try { algorithm_->step(options_.steps - before_, stop_); } catch (const OutOfPlayers&) {
  if (checkpoints_) keep(false, true);
  throw;
}

// What is due after a round, the checkpoint first: what is resumed from it does the rest, to the same bits.
bool Training::after_round() {
  const std::int64_t step = algorithm_->steps();
  const bool through = step >= options_.steps, late = !through && is_out_of_time();
  bool goes_on = through || !is_set(stop_);  // asked once, so that the last row is never left out
  const bool cut = options_.steps - before_ < options_.environments;  // a run that is given more has no such round
  if (checkpoints_ && !std::exchange(resumed_, false))
    keep(!cut && due(options_.checkpoint_interval, before_, step), !goes_on || late || is_last_whole_round(step));
  if (goes_on) apply_changes();
  // what overlap still owes; after an interruption it stays owed, so that the training can continue as if nothing had
  // happened
  if (through) goes_on = algorithm_->learn(stop_);
  const bool evaluates = goes_on && options_.evaluation_episodes > 0 &&
                         evaluates_now(due(options_.evaluation_interval, before_, step), through || late);
  const bool reports = evaluates || through || late || !goes_on || due(options_.log_interval, before_, step);
  // what is resumed from where a criterion ended it tests once more, and continues as if it had not been there
  std::optional<Snapshot> untested;
  if (evaluates && checkpoints_ && stops_by_test(options_.stop) && kept_step_ != step) exchange(untested.emplace());
  const bool whole = !reports || report(evaluates);
  if (untested && !criterion_.empty() && !through) keep_state(std::move(*untested));
  if (!whole) criterion_.clear();  // its test was given up
  return whole && goes_on && criterion_.empty();
}

// One progress row, with an evaluation when it is due. False: the evaluation was given up. Up to there nothing has
// changed that a checkpoint holds, so that what is resumed from one kept then plays it, to the same bits.
bool Training::report(bool evaluates) {
  Progress progress;
  algorithm_->measure(progress);
  const double learning = seconds_since(segment_start_);
  const bool whole = !evaluates || evaluate(progress);
  const bool through = algorithm_->steps() >= options_.steps;  // then a checkpoint of the last whole round is there
  if (!whole && checkpoints_ && !through) keep(false, true);
  algorithm_->start_new_sums();
  learning_seconds_ += learning;
  if (progress.step > last_step_ && learning > 0) {
    progress.steps_per_second = static_cast<double>(progress.step - last_step_) / learning;
    progress.updates_per_second = static_cast<double>(progress.updates - last_updates_) / learning;
    for (PlayerProgress& player : progress.players)
      player.steps_per_second = static_cast<double>(player.steps) / learning;
  }
  last_step_ = progress.step;
  last_updates_ = progress.updates;
  progress.seconds = seconds();
  for (const std::string& text : {std::exchange(change_warning_, {}), breakdowns_->take(), algorithm_->take_warning(),
                                  std::exchange(checkpoint_warning_, {})})
    if (!text.empty()) progress.warning += (progress.warning.empty() ? "" : "; ") + text;
  rows_++;
  const Policy policy = current_policy();
  if (progress.best) best_ = policy, best_step_ = progress.step;
  judge(progress);
  for (Observer* observer : observers_) observer->progressed(progress, policy);
  segment_start_ = Clock::now();
  return whole;
}

bool Training::evaluate(Progress& progress) try {
  Policy policy = current_policy();
  const bool through = algorithm_->steps() >= options_.steps;
  progress.evaluation = last_evaluation_ =
      test(evaluation_environment_ ? *evaluation_environment_ : algorithm_->environment(), policy);
  if (!evaluation_environment_ && !through) algorithm_->restart();
  evaluation_pending_ = false;
  evaluations_++;
  progress.best = is_whole(last_evaluation_) && !(last_evaluation_.mean_return <= best_return_);
  if (progress.best) best_return_ = last_evaluation_.mean_return;
  return true;
} catch (const Interrupted&) {
  return false;
} catch (const UsageError&) {
  throw;
} catch (const std::exception& error) {
  std::throw_with_nested(Error("[training] step " + std::to_string(algorithm_->steps()) + ", evaluation on " +
                               options_.environment + ": " + error.what()));
}

Evaluation Training::test(Environment& environment, Policy& policy) {
  return evaluate_with_value(
      policy, environment, options_.evaluation_episodes, options_.seed, static_cast<std::uint64_t>(evaluations_),
      options_.discount,
      [this](std::span<const double> s, std::span<const float> a) { return algorithm_->value(s, a); }, stop_);
}

Policy Training::current_policy() const {
  Policy policy = algorithm_->policy({options_.environment, options_.env, options_.preset, options_.seed,
                                      algorithm_->steps(), last_evaluation_.mean_return, kVersion, model_});
  return wrappers_.empty() ? std::move(policy) : with_wrappers(policy, wrappers_);
}

Policy Training::end(Outcome outcome, const std::string& error) {
  summary_.outcome = outcome;
  summary_.error = error;
  summary_.criterion = criterion_;
  summary_.steps = algorithm_->steps();
  summary_.updates = algorithm_->updates();
  summary_.episodes = algorithm_->episodes();
  summary_.seconds = seconds();
  summary_.steps_per_second = learning_seconds_ > 0 ? static_cast<double>(summary_.steps) / learning_seconds_ : 0;
  summary_.after = last_evaluation_;
  summary_.best_return = best_return_;
  Policy policy = current_policy();
  std::exception_ptr failure;  // one that cannot take it keeps it from no other
  for (std::size_t i = 0; i < observers_started_; i++) {
    try {
      observers_[i]->ended(summary_, policy);
    } catch (...) {
      if (!failure) failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
  return policy;
}

// What was learnt until then is reported nevertheless; an observer that cannot take it must not hide the error.
void Training::fail(std::exception_ptr error) {
  std::string what = "something that is no std::exception";
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& thrown) {
    what = thrown.what();
  } catch (...) {
  }
  try {
    end(Outcome::failed, what);
  } catch (...) {
  }
  std::rethrow_exception(error);
}

}  // namespace ddpg
