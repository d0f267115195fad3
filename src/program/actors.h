// --actors: a training whose environments are in the processes of a job.
#pragma once

#include <memory>
#include <string>

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

// The job, seen from one of its processes. Without --actors this process is all there is.
class Job {
 public:
  // Throws UsageError.
  explicit Job(const ActorsArguments& actors);
  ~Job();  // sends those home who play
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  // Whether it plays for another, which then has all to say: play() returns its exit code at the end.
  bool plays() const { return group_ && group_->rank() > 0; }
  int play();
  // What the training leaves to the others.
  Elsewhere elsewhere() const;
  // How many processes it takes to resume it; 0: one will do, as it does where others step in rounds only.
  int processes() const { return group_ && !lockstep_ ? group_->size() : 0; }

 private:
  bool lockstep_;
  std::shared_ptr<Group> group_;
};

}  // namespace ddpg::cli
