// Threads as a group: one list of letters under one lock.
#include "group/local_group.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <mutex>

namespace ddpg {

struct LocalGroup::Mail {
  struct Letter {
    int from, to;
    std::string bytes;
  };

  explicit Mail(int size) : lost(static_cast<std::size_t>(size)) {}

  std::mutex mutex;
  std::deque<Letter> letters;
  std::vector<bool> lost;
};

LocalGroup::LocalGroup(std::shared_ptr<Mail> mail, int rank)
    : mail_(std::move(mail)), rank_(rank), known_lost_(mail_->lost.size()) {}

LocalGroup::~LocalGroup() = default;

std::vector<std::unique_ptr<LocalGroup>> LocalGroup::of(int size) {
  const auto mail = std::make_shared<Mail>(size);
  std::vector<std::unique_ptr<LocalGroup>> members;
  for (int rank = 0; rank < size; rank++) members.emplace_back(new LocalGroup(mail, rank));
  return members;
}

int LocalGroup::size() const {
  return static_cast<int>(known_lost_.size());
}

void LocalGroup::send(int to, std::string bytes) {
  const std::lock_guard lock(mail_->mutex);
  if (mail_->lost[static_cast<std::size_t>(to)] || mail_->lost[static_cast<std::size_t>(rank_)]) return;
  mail_->letters.push_back({rank_, to, std::move(bytes)});
}

int LocalGroup::underway(int to) {
  const std::lock_guard lock(mail_->mutex);
  return static_cast<int>(std::ranges::count_if(
      mail_->letters, [&](const auto& letter) { return letter.from == rank_ && letter.to == to; }));
}

std::optional<Message> LocalGroup::receive(int from) {
  const std::lock_guard lock(mail_->mutex);
  for (int other = 0; other < size(); other++) {
    const auto at = static_cast<std::size_t>(other);
    if (!mail_->lost[at] || known_lost_[at] || other == rank_) continue;
    known_lost_[at] = true;
    throw Lost(other, fmt::format("[group] process {} is gone", other));
  }
  const auto found = std::ranges::find_if(mail_->letters, [&](const auto& letter) {
    return letter.to == rank_ && (from == kAnyone || letter.from == from);
  });
  if (found == mail_->letters.end()) return std::nullopt;
  Message message{found->from, std::move(found->bytes)};
  mail_->letters.erase(found);
  return message;
}

void LocalGroup::die() {
  const std::lock_guard lock(mail_->mutex);
  mail_->lost[static_cast<std::size_t>(rank_)] = true;
  std::erase_if(mail_->letters, [&](const auto& letter) { return letter.from == rank_ || letter.to == rank_; });
}

}  // namespace ddpg
