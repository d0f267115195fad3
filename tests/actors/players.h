// Players of a group as threads, for tests.
#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "actors/free_players.h"
#include "actors/player.h"
#include "group/local_group.h"
#include "run/elsewhere.h"

namespace ddpg::testing {

class Players {
 public:
  // `serve`: what they do for the first member.
  explicit Players(int count, const std::function<void(Group&)>& serve = play_for)
      : members_(LocalGroup::of(count + 1)) {
    for (std::size_t i = 1; i < members_.size(); i++)
      threads_.emplace_back([serve, member = std::shared_ptr<Group>(std::move(members_[i]))] { serve(*member); });
    learner_ = std::move(members_[0]);
  }
  ~Players() {
    send_home(*learner_);
    for (std::thread& thread : threads_) thread.join();
  }

  const std::shared_ptr<LocalGroup>& learner() const { return learner_; }

 private:
  std::vector<std::unique_ptr<LocalGroup>> members_;
  std::shared_ptr<LocalGroup> learner_;
  std::vector<std::thread> threads_;
};

inline Elsewhere played_by(const std::shared_ptr<LocalGroup>& group) {
  Elsewhere elsewhere;
  elsewhere.loop = [group](const Options& options, const Specification& specification,
                           const std::function<void(AgentCore&)>& prepare) {
    return std::make_unique<FreePlayers>(group, options, specification, prepare);
  };
  return elsewhere;
}

}  // namespace ddpg::testing
