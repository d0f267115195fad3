// The end of a job whose processes are all there: see player.h.
#include <algorithm>
#include <chrono>
#include <vector>

#include "actors/parcel.h"
#include "actors/player.h"
#include "group/waiting.h"

namespace ddpg {
namespace {

constexpr std::chrono::seconds kFarewell{10};

}  // namespace

void send_home(Group& group) {
  using Clock = std::chrono::steady_clock;
  std::vector<bool> gone(static_cast<std::size_t>(group.size()));
  gone[0] = true;
  for (int process = 1; process < group.size(); process++) {
    gone[static_cast<std::size_t>(process)] = group.is_lost(process);
    group.send(process, Parcel(Word::end).take());
  }
  const auto patience = Clock::now() + kFarewell;
  for (Waiting waiting; std::ranges::find(gone, false) != gone.end() && Clock::now() < patience; waiting.once()) {
    try {
      while (const std::optional<Message> message = group.receive())
        if (Unpacking(message->bytes).word() == Word::end) gone[static_cast<std::size_t>(message->from)] = true;
    } catch (const Lost& lost) {
      gone[static_cast<std::size_t>(lost.rank())] = true;
    } catch (const Error&) {  // what cannot be read is of no use any more
    }
  }
}

}  // namespace ddpg
