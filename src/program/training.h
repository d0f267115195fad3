// What `train` and `resume` have in common: a training in a run folder, its observers, its result, its exit code.
#pragma once

#include <atomic>

#include "ddpg/options.h"
#include "program/arguments.h"
#include "record/run_records.h"
#include "run/run_folder.h"

namespace ddpg::cli {

struct TrainingRun {
  bool quiet = false;
  bool resumes = false;    // go on from the folder's newest checkpoint
  RecordChoice records{};  // of a new run; one that goes on keeps those that it has
};

int run_training(RunFolder& folder, const Options& options, const TrainingRun& how, const Arguments& common,
                 const std::atomic<bool>& stop);

}  // namespace ddpg::cli
