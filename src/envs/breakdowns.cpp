#include "envs/breakdowns.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ddpg/error.h"

namespace ddpg {

void BreakdownLog::add(const std::string& what) {
  const std::lock_guard lock(mutex_);
  count_++;
  last_ = what;
}

std::string BreakdownLog::take() {
  const std::lock_guard lock(mutex_);
  const std::int64_t count = std::exchange(count_, 0);
  if (count == 0) return "";
  return fmt::format("{} ended by a breakdown, the last one: {}",
                     count == 1 ? "an episode was" : fmt::format("{} episodes were", count), last_);
}

EndsOnBreakdown::EndsOnBreakdown(std::unique_ptr<Environment> inside, Make make, std::shared_ptr<BreakdownLog> log)
    : Wrapper(std::move(inside)), make_(std::move(make)), log_(std::move(log)) {
  last_.resize(static_cast<std::size_t>(specification().observation_size));
}

void EndsOnBreakdown::set_purpose(Purpose purpose) {
  purpose_ = purpose;
  if (!broken_) inner().set_purpose(purpose);
}

// After a breakdown the environment may be of no more use: then a new one takes its place.
void EndsOnBreakdown::reset(RandomStream& random, std::span<double> observation) {
  const RandomStream before = random;
  try {
    if (broken_) inner().set_purpose(purpose_);
    inner().reset(random, observation);
  } catch (const std::exception&) {
    if (!broken_) throw;
    replace(make_());
    inner().set_purpose(purpose_);
    random = before;
    inner().reset(random, observation);
  }
  broken_ = false;
  first_ = true;
  std::copy(observation.begin(), observation.end(), last_.begin());
}

StepResult EndsOnBreakdown::step(std::span<const float> action, std::span<double> observation) {
  StepResult result;
  try {
    result = inner().step(action, observation);
  } catch (const UsageError&) {
    throw;
  } catch (const std::exception& error) {
    broken_ = true;
    if (first_ && ++in_a_row_ >= kMostInARow) throw;
    log_->add(error.what());
    std::copy(last_.begin(), last_.end(), observation.begin());
    return {.truncated = true, .broke_down = true};
  }
  first_ = false;
  in_a_row_ = 0;
  std::copy(observation.begin(), observation.end(), last_.begin());
  return result;
}

}  // namespace ddpg
