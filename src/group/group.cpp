// What waits on a group: see group.h.
#include "group/group.h"

#include <utility>

#include "group/waiting.h"

namespace ddpg {

Message wait_for_message(Group& group, int from) {
  for (Waiting waiting;; waiting.once())
    if (std::optional<Message> message = group.receive(from)) return *std::move(message);
}

}  // namespace ddpg
