// Players in other processes of a group that play on their own: each has its environment, its noise and a copy of the
// policy that is a little old, and sends what it lived in blocks of whole transitions. The learner takes what has come
// and does the updates that are due for it, so updates_per_step holds; a player that is ahead waits, and nobody else
// does. The same seed does not give the same bits: what comes first is up to the machines.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/parcel.h"
#include "agent/loop.h"
#include "envs/breakdowns.h"
#include "group/group.h"
#include "run/task_record.h"
#include "support/thread_pool.h"

namespace ddpg {

class FreePlayers final : public Loop {
 public:
  // The others must be at play_for() (player.h). Throws UsageError where the options ask for what only environments in
  // this process can do.
  FreePlayers(std::shared_ptr<Group> group, const Options& options, const Specification& specification,
              const std::function<void(AgentCore&)>& prepare);

  // Waits until something has come. Throws OutOfPlayers.
  void step(std::int64_t most, const std::atomic<bool>* stop) override;

  std::int64_t most_of_a_step() const override;  // a block
  bool between_episodes() const override { return true; }
  Environment& environment() override;  // throws UsageError, as change() does
  void restart() override {}
  void change(const Options& options, VectorEnvironment::Copies copies) override;
  void exchange(Snapshot& snapshot) override;
  std::string take_warning() override;

  int players() const override { return static_cast<int>(players_.size()); }
  void measure(Progress& progress) override;
  void start_new_sums() override;
  // As players are sent it.
  std::string packed_policy() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Sums {
    std::int64_t steps = 0, blocks = 0, staleness = 0, whole_blocks = 0, backlog = 0;
  };
  struct Player {
    std::int64_t steps = 0;
    std::int64_t version = -1;  // of the policy that was sent to it last
    Sums sums;                  // since the row before
  };

  Player& player(int process) { return players_[static_cast<std::size_t>(process - 1)]; }
  void begin();
  void take(const Message& message, std::int64_t most);
  void live(Unpacking& lived, int actor, std::int64_t most);
  void take_step(Unpacking& lived, int actor);
  void publish();
  void lose(int process, const std::string& why);

  std::shared_ptr<Group> group_;
  Options options_;
  TaskRecord task_;
  bool keeps_replay_;
  std::unique_ptr<ThreadPool> pool_;
  std::vector<Player> players_;
  bool begun_ = false;
  std::string policy_;         // the newest one, packed
  std::int64_t version_ = -1;  // the updates in it
  Clock::time_point made_at_{};
  Clock::duration publishing_{};  // of that time spent on it
  std::string warning_;
  BreakdownLog breakdowns_;
  // of the transition under way
  std::vector<double> observation_, metrics_;
  std::vector<float> action_;
};

}  // namespace ddpg
