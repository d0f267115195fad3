// A copy of a training's task: see make_copy.h.
#include "run/make_copy.h"

#include <fmt/format.h>

#include <utility>

#include "ddpg/error.h"
#include "envs/made_again.h"
#include "envs/step_timeout.h"
#include "envs/stepped_together.h"

namespace ddpg {
namespace {

std::unique_ptr<Environment> in_time(std::unique_ptr<Environment> environment, double seconds) {
  if (seconds <= 0) return environment;
  return std::make_unique<StepTimeout>(std::move(environment), seconds);
}

}  // namespace

// What can be asked of one copy alone cannot be asked of those that one simulator steps: it steps them all or none.
void check_steps_together(const Options& options) {
  const char* asked = options.step_timeout > 0                           ? "step_timeout = 0"
                      : options.on_breakdown == OnBreakdown::end_episode ? "on_breakdown = \"stop\""
                      : options.evaluation_episodes > 0 && options.evaluate_on == EvaluateOn::training
                          ? "evaluate_on = \"own\""
                          : nullptr;
  if (asked != nullptr)
    throw UsageError(fmt::format(
        "[training] the copies of {} are stepped together by one simulator, so that nothing can be done with one of "
        "them alone: leave it at {}",
        options.environment, asked));
}

std::unique_ptr<Environment> make_copy(const Options& options, int number, const std::shared_ptr<BreakdownLog>& log) {
  EnvironmentEntry entry = find_environment(options.environment);
  const CopyNumber copy(number);
  std::unique_ptr<Environment> made = make_environment(entry, options.env);
  if (is_stepped_together(*made)) {
    check_steps_together(options);
    return made;
  }
  const double seconds = options.step_timeout;
  if (const auto* known = dynamic_cast<const MadeAgain*>(&innermost(*made))) entry.make = known->maker();
  made = in_time(std::move(made), seconds);
  if (options.on_breakdown == OnBreakdown::stop) return made;
  const auto again = [entry, env = options.env, seconds, number] {
    const CopyNumber same(number);
    return in_time(make_environment(entry, env), seconds);
  };
  return std::make_unique<EndsOnBreakdown>(std::move(made), again, log);
}

}  // namespace ddpg
