// The trainings of an experiment on the processes of a group, of which each watches one at a time: on other machines,
// where these see the same files. A training that is lost with its watcher is done again elsewhere, from its last
// checkpoint; one that a signal kills, too, but not twice.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "experiment/trainings.h"
#include "group/group.h"

namespace ddpg {

class TrainingsElsewhere final : public Trainings {
 public:
  // The others must be at train_for(). `program`: what each of them starts.
  TrainingsElsewhere(std::shared_ptr<Group> group, std::filesystem::path program);

  int places() const override;
  void begin(std::size_t run, const std::vector<std::string>& words, const std::filesystem::path& log) override;
  std::optional<TrainingEnd> ended() override;
  void stop() override;

 private:
  struct Watcher {
    bool busy = false;
    std::size_t run = 0;  // that it watches
  };

  Watcher& watcher(int process) { return watchers_[static_cast<std::size_t>(process - 1)]; }
  int choose(std::size_t run);
  TrainingEnd taken(const Message& message);
  std::optional<TrainingEnd> lose(const Lost& lost);

  std::shared_ptr<Group> group_;
  std::filesystem::path program_;
  std::vector<Watcher> watchers_;
  std::map<std::size_t, int> killed_at_;  // which process watched a run that was killed
};

// What a process does that trains for process 0: starts what it is given and says how it ended, until that one says
// that it is over. False: that one is gone. A training that then still runs is asked to save and end.
bool train_for(Group& group);

}  // namespace ddpg
