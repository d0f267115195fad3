// --actors and --lockstep: see actors.h.
#include "program/actors.h"

#include <fmt/format.h>

#include <csignal>

#include "actors/free_players.h"
#include "actors/player.h"
#include "actors/rounds_elsewhere.h"
#include "bench/actors.h"
#include "ddpg/error.h"
#include "experiment/trainings_elsewhere.h"
#include "program/verbs.h"

namespace ddpg::cli {

void add_actors(Flags& flags, ActorsArguments& actors) {
  flags.text("--actors", actors.engine, "mpi",
             "play in the other processes of an MPI job (mpirun -n 9 ddpg train ...), learn in the first; of an "
             "experiment: train in them");
  flags.yes("--lockstep", actors.lockstep,
            "with --actors: step the --envs environments there in rounds, to the bits of one process");
}

void check_actors(const ActorsArguments& actors) {
  if (actors.engine.empty() && actors.lockstep)
    throw UsageError("--lockstep needs --actors mpi: it says how the other processes play");
  if (!actors.engine.empty() && actors.engine != "mpi")
    throw UsageError(fmt::format("--actors {}: expected mpi", actors.engine));
}

Job::Job(const ActorsArguments& actors) : lockstep_(actors.lockstep) {
  check_actors(actors);
  if (actors.engine.empty()) return;
  group_ = mpi_group();
  if (group_->size() < 2)
    throw UsageError("--actors mpi: this is the only process; start several, such as `ddpg launch -n 5 -- train ...`");
}

Job::~Job() {
  if (group_ && group_->rank() == 0) send_home(*group_);
}

namespace {

// Ctrl-C and what clusters send reach every process of a job: process 0 saves and then sends the others home.
void leave_signals_to_process_0() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGXCPU, SIGUSR1, SIGUSR2}) std::signal(signal, SIG_IGN);
}

}  // namespace

int Job::play() {
  leave_signals_to_process_0();
  if (play_for(*group_)) return kDone;
  throw Error(fmt::format(
      "[actors] process 0, which learns, is gone; `ddpg launch -n {} -- resume`, with the folder of the run, "
      "continues from its last checkpoint",
      group_->size()));
}

int Job::train() {
  leave_signals_to_process_0();
  if (train_for(*group_)) return kDone;
  throw Error("[actors] process 0, which hands out the trainings, is gone; `ddpg resume` continues the experiment");
}

int Job::feed() {
  leave_signals_to_process_0();
  feed_recorded(*group_);
  return kDone;
}

std::unique_ptr<Trainings> Job::trainings(const std::filesystem::path& program) const {
  return group_ ? std::make_unique<TrainingsElsewhere>(group_, program) : nullptr;
}

Elsewhere Job::elsewhere() const {
  Elsewhere elsewhere;
  if (!group_) return elsewhere;
  if (lockstep_) {
    elsewhere.copies = [rounds = std::make_shared<RoundsElsewhere>(group_)](const Options& options) {
      return rounds->copies(options);
    };
    return elsewhere;
  }
  elsewhere.loop = [group = group_](const Options& options, const Specification& specification,
                                    const std::function<void(AgentCore&)>& prepare) -> std::unique_ptr<Loop> {
    return std::make_unique<FreePlayers>(group, options, specification, prepare);
  };
  return elsewhere;
}

}  // namespace ddpg::cli
