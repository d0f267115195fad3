// A player on its own, in its process: see free_players.h.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/parcel.h"
#include "agent/collector.h"
#include "ddpg/environment.h"
#include "ddpg/options.h"
#include "envs/breakdowns.h"
#include "envs/observation_room.h"
#include "group/group.h"
#include "policy/content.h"
#include "support/episode_means.h"

namespace ddpg {

class FreePlayer {
 public:
  // `asked`: what process 0 wants to be played.
  FreePlayer(Group& group, Unpacking& asked);

  // Plays until process 0 says that it is over. Throws Lost where it is gone, and what the environment throws.
  void play();

 private:
  static constexpr int kBlocksUnderway = 2;
  // A look for messages gives way to others where there are more processes than cores, which can take long.
  static constexpr std::chrono::milliseconds kBetweenLooks{1};
  using Clock = std::chrono::steady_clock;

  void hear();
  void take_policy(Unpacking& parcel);
  void begin_episode();
  void step();
  void check(double reward) const;
  void send();

  Group& group_;
  Options options_;
  std::int64_t actors_, first_step_;
  std::unique_ptr<Environment> environment_;
  std::optional<Collector> collector_;
  std::optional<Mu> mu_;
  Policy::Content policy_;  // as it came last
  Mu::Parts weights_;
  std::int64_t version_ = -1;  // of them; -1: there are none yet
  bool over_ = false;
  Clock::time_point heard_at_{};
  std::shared_ptr<BreakdownLog> breakdowns_ = std::make_shared<BreakdownLog>();
  FirstStepBreakdowns first_steps_;
  RandomStream random_;  // of the environment
  std::int64_t steps_ = 0;
  Parcel block_{Word::lived};
  int in_block_ = 0;
  EpisodeMeans means_;
  ObservationRoom observation_;
  std::vector<double> metrics_;
  std::vector<float> action_;
};

}  // namespace ddpg
