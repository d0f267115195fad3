// Several seeds as one experiment: `ddpg train --seeds` and `ddpg resume` of its folder.
#pragma once

#include "ddpg/options.h"
#include "program/arguments.h"

namespace ddpg::cli {

// Throws UsageError for flags of `train` that contradict each other.
void check_experiment_flags(const TrainArguments& train);

// Trains every seed from the beginning. `options` are those of all seeds.
int start_experiment(const Options& options, const TrainArguments& train, const Arguments& common);
// Goes on with the experiment whose folder `resume.run` is (ExperimentFolder::is_one): what has finished is left alone.
int resume_experiment(const ResumeArguments& resume, const Arguments& common);

}  // namespace ddpg::cli
