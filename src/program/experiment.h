// Several seeds as one experiment: `ddpg train --seeds` and `ddpg resume` of its folder.
#pragma once

#include "ddpg/options.h"
#include "program/training.h"

namespace ddpg::cli {

// Trains every seed from the beginning. `options` are those of all seeds.
int start_experiment(const Options& options, const TrainArguments& train, const Common& common);
// Resumes the experiment whose folder `resume.run` is (ExperimentFolder::is_one): what has finished is left alone.
int resume_experiment(const ResumeArguments& resume, const Common& common);

}  // namespace ddpg::cli
