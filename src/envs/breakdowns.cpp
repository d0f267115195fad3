#include "envs/breakdowns.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "ddpg/error.h"
#include "ddpg/interrupted.h"
#include "support/divergence.h"

namespace ddpg {

void BreakdownLog::add(const std::string& what) {
  add({.ended = {1, what}});
}

void BreakdownLog::add_start(const std::string& what) {
  add({.starts = {1, what}});
}

void BreakdownLog::add(const Breakdowns& elsewhere) {
  const std::lock_guard lock(mutex_);
  const auto join = [](Breakdowns::Kind& into, const Breakdowns::Kind& more) {
    into.count += more.count;
    if (more.count > 0) into.last = more.last;
  };
  join(since_.ended, elsewhere.ended);
  join(since_.starts, elsewhere.starts);
}

Breakdowns BreakdownLog::take_counts() {
  const std::lock_guard lock(mutex_);
  return std::exchange(since_, {});
}

std::string BreakdownLog::take() {
  const auto [ended, starts] = take_counts();
  std::string text;
  if (ended.count > 0)
    text = fmt::format("{} ended by a breakdown, the last one: {}",
                       ended.count == 1 ? "an episode was" : fmt::format("{} episodes were", ended.count), ended.last);
  if (starts.count > 0)
    text += fmt::format("{}the start of an episode failed {} and was tried again, the last time: {}",
                        text.empty() ? "" : "; ", starts.count == 1 ? "once" : fmt::format("{} times", starts.count),
                        starts.last);
  return text;
}

void FirstStepBreakdowns::step_broke_down(const Environment& environment, const std::string& what) {
  if (!first_ || ++in_a_row_ < kMost) return;
  const NeverSteps error(fmt::format(
      "[environment {}] {} episodes in a row broke down in their first step{}: see in what state reset() leaves the "
      "simulator, and what the simulator itself reports",
      environment.specification().name, kMost, what.empty() ? "" : ", the last one: " + what));
  if (std::current_exception()) std::throw_with_nested(error);
  throw error;
}

namespace {

// Of the exception that is being handled; rethrows what is no failure of a simulator.
std::string what_broke_down() {
  try {
    throw;
  } catch (const UsageError&) {
    throw;
  } catch (const Interrupted&) {
    throw;
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "it threw something that is no std::exception";
  }
}

}  // namespace

EndsOnBreakdown::EndsOnBreakdown(std::unique_ptr<Environment> inside, Make make, std::shared_ptr<BreakdownLog> log)
    : Wrapper(std::move(inside)), make_(std::move(make)), log_(std::move(log)) {
  last_.resize(static_cast<std::size_t>(specification().observation_size));
}

void EndsOnBreakdown::set_purpose(Purpose purpose) {
  purpose_ = purpose;
  if (!broken_) inside().set_purpose(purpose);
}

// One try to begin an episode. From the second one on with another object, from the third one on with other draws.
void EndsOnBreakdown::begin(int tries, RandomStream& random, std::span<double> observation) {
  if (tries > 0) replace(make_());
  if (tries > 0 || broken_) inside().set_purpose(purpose_);
  for (int i = 1; i < tries; i++) random.bits();
  inside().reset(random, observation);
}

// After a breakdown the environment may be of no more use: that its reset fails then is no news.
void EndsOnBreakdown::reset(RandomStream& random, std::span<double> observation) {
  const RandomStream before = random;
  for (int tries = 0;; tries++) try {
      random = before;
      begin(tries, random, observation);
      break;
    } catch (...) {
      const bool expected = broken_ && tries == 0;
      const std::string what = what_broke_down();
      if (!begun_ || tries == kMostTries) throw;
      if (!expected) log_->add_start(what);
    }
  begun_ = true;
  broken_ = false;
  first_steps_.begin_episode();
  std::copy(observation.begin(), observation.end(), last_.begin());
}

StepResult EndsOnBreakdown::step(std::span<const float> action, std::span<double> observation) {
  StepResult result;
  try {
    result = inside().step(action, observation);
  } catch (...) {
    const std::string what = what_broke_down();
    broken_ = true;
    first_steps_.step_broke_down(*this, what);
    log_->add(what);
    return broken_down(observation);
  }
  if (result.broke_down) {
    first_steps_.step_broke_down(*this);
    return broken_down(observation);
  }
  first_steps_.step_came_back();
  std::copy(observation.begin(), observation.end(), last_.begin());
  return result;
}

StepResult EndsOnBreakdown::broken_down(std::span<double> observation) const {
  std::copy(last_.begin(), last_.end(), observation.begin());
  return {.truncated = true, .broke_down = true};
}

void EndsOnBreakdown::restore_state(std::span<const double> state) {
  inside().restore_state(state);
  begun_ = true;
}

}  // namespace ddpg
