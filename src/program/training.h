// What `train` and `resume` have in common: what they are asked, a training in a run folder, its observers, its result,
// its exit code.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "ddpg/options.h"
#include "program/actors.h"
#include "program/verbs.h"
#include "record/run_records.h"
#include "run/run_folder.h"

namespace ddpg::cli {

struct TrainArguments {
  std::string environment;  // "" when not given
  std::string preset;       // likewise
  std::string config;       // likewise, a file
  std::string run;          // likewise, a folder
  std::string from;         // likewise, the folder of the run to start from
  std::vector<std::string> data;
  // --steps, --seed, --threads and --set as option and value, in the order given, so that the last one wins
  std::vector<std::pair<std::string, std::string>> assignments;
  bool overwrite = false;
  bool quiet = false;
  std::string seeds;      // "" when not given; "10" or "3-7": an experiment
  int jobs = 0;           // 0: as many as the machine has room for
  RecordNames records{};  // beside progress.csv
  ActorsArguments actors;
};

struct ResumeArguments {
  std::string run;         // the folder of a run or of an experiment; "" when not given
  std::int64_t steps = 0;  // 0: as many as the run was to have
  int threads = 0;         // 0: as many as it had
  int jobs = 0;            // of an experiment; 0: as many as it had
  bool quiet = false;
  std::vector<std::string> set, change;  // KEY=VALUE, each in the order given
  ActorsArguments actors;
};

// The flags of the two verbs.
void add_train_flags(Flags& flags, TrainArguments& train);
void add_resume_flags(Flags& flags, ResumeArguments& resume);

// Where that training is going to lie, if all that is asked for can be done. Throws UsageError.
std::filesystem::path folder_for(const TrainArguments& train);

// Of the newest checkpoint in that folder of them, by its name; 0 where there is none.
std::int64_t step_of_checkpoint(const std::filesystem::path& checkpoints);

struct TrainingRun {
  bool quiet = false;
  bool resumes = false;   // from the folder's newest checkpoint
  RecordNames records{};  // of a new run; one that is resumed keeps those that it has
  Elsewhere elsewhere{};
  int processes = 0;  // of the job that it takes to go on; 0: this one alone will do
};

// "KEY=VALUE" of that flag. Throws UsageError.
std::pair<std::string, std::string> assignment(const std::string& flag, const std::string& text);

int run_training(RunFolder& folder, const Options& options, const TrainingRun& how, const Common& common,
                 const std::atomic<bool>& stop);

}  // namespace ddpg::cli
