// Several seeds, or configurations, as one experiment: `ddpg train --seeds`, `ddpg sweep` and `ddpg resume` of its
// folder.
#pragma once

#include <string>

#include "ddpg/options.h"
#include "experiment/experiment.h"
#include "program/training.h"

namespace ddpg::cli {

// Trains every seed from the beginning, where `job` has processes for it in these. `options` are those of all seeds.
int start_experiment(const Options& options, const TrainArguments& train, const Job& job, const Common& common);
// Trains every configuration of a sweep with every seed. `run`: its folder; "": the next free one.
int start_sweep(const ExperimentPlan& plan, const std::string& run, bool quiet, const Job& job, const Common& common);
// Resumes the experiment whose folder `resume.run` is (ExperimentFolder::is_one): what has finished is left alone.
int resume_experiment(const ResumeArguments& resume, const Job& job, const Common& common);

}  // namespace ddpg::cli
