// Players of a group as threads, for tests.
#pragma once

#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "actors/player.h"
#include "group/local_group.h"

namespace ddpg::testing {

class Players {
 public:
  explicit Players(int count) : members_(LocalGroup::of(count + 1)) {
    for (std::size_t i = 1; i < members_.size(); i++)
      threads_.emplace_back([member = std::shared_ptr<Group>(std::move(members_[i]))] { play_for(*member); });
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

}  // namespace ddpg::testing
