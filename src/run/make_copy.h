// A copy of a training's task, with what the training's options put around it.
#pragma once

#include <memory>

#include "ddpg/environment.h"
#include "ddpg/options.h"
#include "envs/breakdowns.h"

namespace ddpg {

// Copy 0 plays the tests, those from 1 on are trained on. Throws UsageError.
std::unique_ptr<Environment> make_copy(const Options& options, int number, const std::shared_ptr<BreakdownLog>& log);

// Throws UsageError where the options ask for something that copies which one simulator steps cannot do.
void check_steps_together(const Options& options);

}  // namespace ddpg
