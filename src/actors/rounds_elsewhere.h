// The copies of a task in other processes of a group, stepped in rounds by this one (`--lockstep`): to a training they
// are environments like any others, so that it comes to the same bits as with all of them here.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "actors/parcel.h"
#include "ddpg/options.h"
#include "ddpg/vector_environment.h"
#include "group/group.h"

namespace ddpg {

class RoundsElsewhere : public std::enable_shared_from_this<RoundsElsewhere> {
 public:
  // The others must be at play_for() (player.h).
  explicit RoundsElsewhere(std::shared_ptr<Group> group);

  // options.environments copies of options.environment, dealt out to the others in turn. Throws UsageError where the
  // options ask for what only environments in this process can do, or another process has another task of that name;
  // Error where it cannot make it.
  VectorEnvironment::Copies copies(const Options& options);

  // One copy's part (remote_environment.h).
  void play(std::span<const float> actions);
  StepResult followed(int copy, std::span<double> observation, std::span<double> metrics);
  void reset(int copy, RandomStream& random, std::span<double> observation);
  std::vector<double> save_state(int copy);
  void restore_state(int copy, std::span<const double> state);
  void set_purpose(int copy, Purpose purpose);

 private:
  struct Slot {
    std::vector<double> observation, metrics;
    StepResult result;
    std::string failure;  // of the last step, packed; "": none
  };

  int players() const { return group_->size() - 1; }
  int player_of(int copy) const { return 1 + copy % players(); }
  void fetch(int player);
  Unpacking ask(int player, Parcel parcel, Word expected);
  void hear(int player);

  std::shared_ptr<Group> group_;
  std::mutex mutex_;  // several threads may step copies
  std::vector<Slot> slots_;
  std::size_t playing_ = 0;    // the first so many copies stepped in this round
  std::vector<bool> awaited_;  // [processes]: its answer to the last round has not been read
  std::string heard_;          // the last answer
  int action_size_ = 0;
};

}  // namespace ddpg
