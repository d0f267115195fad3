// A group of threads in one process: for tests, and to see what a group would do without starting one.
#pragma once

#include <memory>
#include <vector>

#include "group/group.h"

namespace ddpg {

class LocalGroup : public Group {
 public:
  // One for each member, to be used by one thread each.
  static std::vector<std::unique_ptr<LocalGroup>> of(int size);
  ~LocalGroup() override;

  int rank() const override { return rank_; }
  int size() const override;
  void send(int to, std::string bytes) override;
  int underway(int to) override;
  std::optional<Message> receive(int from = kAnyone) override;
  bool is_lost(int process) const override { return known_lost_[static_cast<std::size_t>(process)]; }

  // This member is lost from now on, as a process that is killed: what it has sent and nobody has taken is gone.
  void die();

 private:
  struct Mail;
  LocalGroup(std::shared_ptr<Mail> mail, int rank);

  std::shared_ptr<Mail> mail_;
  int rank_;
  std::vector<bool> known_lost_;
};

}  // namespace ddpg
