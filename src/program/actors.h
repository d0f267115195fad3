// --actors: a training whose environments are in the processes of a job, or an experiment whose trainings are.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "experiment/trainings.h"
#include "group/group.h"
#include "program/flags.h"
#include "run/elsewhere.h"

namespace ddpg::cli {

struct ActorsArguments {
  std::string engine;  // "": the environments are in this process
  bool lockstep = false;
};

void add_actors(Flags& flags, ActorsArguments& actors);
void check_actors(const ActorsArguments& actors);  // throws UsageError

inline constexpr const char* kTrainsElsewhere =
    "train in the other processes of an MPI job (mpirun -n 9 ddpg sweep ...), one training in each at a time";
inline constexpr const char* kNoLockstep =
    "--lockstep is for a single run: the trainings of an experiment play in their own processes";

// The job, seen from one of its processes. Without --actors this process is all there is.
class Job {
 public:
  // Throws UsageError.
  explicit Job(const ActorsArguments& actors);
  ~Job();  // sends home those who serve it
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  // Whether it serves another, which then has all to say: play(), or train() where it is an experiment, returns its
  // exit code at the end.
  bool serves() const { return group_ && group_->rank() > 0; }
  int play();
  int train();
  int feed();  // where it measures
  // What the training leaves to the others.
  Elsewhere elsewhere() const;
  // How many processes it takes to resume it; 0: one will do, as it does where others step in rounds only.
  int processes() const { return group_ && !lockstep_ ? group_->size() : 0; }
  // Where the trainings of an experiment run, each a process of `program`; null: here.
  std::unique_ptr<Trainings> trainings(const std::filesystem::path& program) const;
  const std::shared_ptr<Group>& group() const { return group_; }  // null: this process is alone

 private:
  bool lockstep_;
  std::shared_ptr<Group> group_;
};

}  // namespace ddpg::cli
