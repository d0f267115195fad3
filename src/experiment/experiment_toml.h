// experiment.toml: what an experiment needs to know beside the options.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "experiment/experiment.h"

namespace ddpg {

std::string experiment_to_toml(const ExperimentPlan& plan);
// Lays seeds, jobs and records over `plan`. Throws UsageError with place and cause; `where` names the file.
void apply_experiment_toml(ExperimentPlan& plan, std::string_view text, std::string_view where);
// Throws UsageError where they are more than kMostSeeds trainings in all.
void check_trainings(std::uint64_t trials, std::uint64_t seeds, std::string_view where);

}  // namespace ddpg
