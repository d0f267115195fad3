// Where the trainings of an experiment run: each in a process of its own, on this machine or on those of a job
// (trainings_elsewhere.h).
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/process.h"

namespace ddpg {

struct TrainingEnd {
  std::size_t run = 0;  // as it was begun by
  ProcessEnd end{};
  std::string error{};  // it could not be started, or was lost with the process that watched it; "": neither
  bool again = false;   // it says nothing of the training: it may be done again
};

class Trainings {
 public:
  virtual ~Trainings() = default;
  // How many can run at a time.
  virtual int places() const = 0;
  // `words`: of the program's command line, its name first. What it writes is added to `log`. Throws Error.
  virtual void begin(std::size_t run, const std::vector<std::string>& words, const std::filesystem::path& log) = 0;
  // One that has ended since, if one has. Throws Error where no place is left.
  virtual std::optional<TrainingEnd> ended() = 0;
  // Asks all that run to save and end.
  virtual void stop() = 0;
};

class TrainingsHere final : public Trainings {
 public:
  TrainingsHere(std::filesystem::path program, int places) : program_(std::move(program)), places_(places) {}

  int places() const override { return places_; }
  void begin(std::size_t run, const std::vector<std::string>& words, const std::filesystem::path& log) override;
  std::optional<TrainingEnd> ended() override;
  void stop() override;

 private:
  std::filesystem::path program_;
  int places_;
  std::vector<std::pair<std::size_t, Process>> processes_;
};

// Starts one, which is asked to end when this thread does.
Process start_training(const std::filesystem::path& program, const std::vector<std::string>& words,
                       const std::filesystem::path& log);

}  // namespace ddpg
