// What waits on a group: see group.h.
#include "group/group.h"

#include "group/waiting.h"
#include "support/stop.h"

namespace ddpg {

std::optional<Message> wait_for_message(Group& group, int from, const std::atomic<bool>* stop) {
  for (Waiting waiting; !is_set(stop); waiting.once())
    if (std::optional<Message> message = group.receive(from)) return message;
  return std::nullopt;
}

void wait_for_room(Group& group, int to, int most, const std::atomic<bool>* stop) {
  for (Waiting waiting; group.underway(to) > most && !is_set(stop); waiting.once()) continue;
}

}  // namespace ddpg
