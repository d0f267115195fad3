// The trainings of an experiment. Each is a process of its own, so that one that crashes, or that the system kills for
// its memory, takes nothing of the others with it; their progress is read from their run folders.
//
// No public header offers this: a training is started and resumed by the words of ddpg's own command line, which a
// program that links the library need not have. Tests put another program in the place of `ddpg`.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "experiment/experiment.h"
#include "experiment/trainings.h"

namespace ddpg {

struct JobOptions {
  std::filesystem::path program;        // what is started: program/itself.h
  std::string name = "ddpg";            // how it is called
  std::vector<std::string> first = {};  // words before the verb
  double seconds_for_lock = 60;         // that a run folder is waited for in which another process still writes
};

class ExperimentJobs {
 public:
  // `trainings`: where they run; null: here, as many at a time as the plan says.
  ExperimentJobs(const ExperimentFolder& folder, JobOptions options, std::unique_ptr<Trainings> trainings = nullptr);

  // Trains every seed that has not finished: begins it, or resumes what is in its run folder. Returns when all
  // have ended, or when `stop` was set and those that ran have ended. `watch` is called ten times a second.
  // To be called from the main thread: the trainings are asked to end when the thread that started them does.
  void run(const std::atomic<bool>& stop, const std::function<void()>& watch);

  const std::vector<SeedProgress>& seeds() const { return seeds_; }
  int places() const { return trainings_->places(); }  // trainings at a time

 private:
  using Clock = std::chrono::steady_clock;
  struct Job {
    std::size_t seed;                                               // index
    std::deque<std::pair<Clock::time_point, std::int64_t>> points;  // when which step was seen, of late
  };

  void start_waiting();
  bool is_ready(SeedProgress& seed);
  std::vector<std::string> command(const SeedProgress& seed) const;
  void look_at_jobs();
  void read_progress(Job& job);
  void take_result(const TrainingEnd& end);
  std::string foreign_text(const RunKey& key) const;
  std::string error_of(const SeedProgress& seed, const ProcessEnd& end) const;

  const ExperimentFolder& folder_;
  JobOptions options_;
  std::unique_ptr<Trainings> trainings_;
  std::vector<SeedProgress> seeds_;
  std::vector<Job> jobs_;
  Clock::time_point last_read_{}, waiting_since_ = Clock::now();
};

}  // namespace ddpg
