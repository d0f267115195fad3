#include "data/episodes.h"

#include <utility>

namespace ddpg {
namespace {

// What the rounding of other programs makes of a bound is no action beyond it.
bool is_beyond(float action, float low, float high) {
  const double slack = 1e-5 * (static_cast<double>(high) - static_cast<double>(low));
  return static_cast<double>(action) < static_cast<double>(low) - slack ||
         static_cast<double>(action) > static_cast<double>(high) + slack;
}

}  // namespace

Transition empty_transition(const Specification& specification) {
  const std::vector<double> observation(static_cast<std::size_t>(specification.observation_size));
  return {observation, std::vector<float>(specification.action_low.size()), 0, observation, false, false};
}

Episodes::Episodes(const Specification& specification, bool rows_have_next, TakeTransition take)
    : specification_(specification),
      rows_have_next_(rows_have_next),
      take_(std::move(take)),
      row_(empty_transition(specification)),
      waiting_(row_) {}

void Episodes::add(bool begins) {
  if (waits_) {
    if (begins && !ended()) waiting_.truncated = true;
    if (rows_have_next_) {
      give();
    } else if (ended()) {
      end();
    } else {
      waiting_.next_observation = row_.observation;
      give();
    }
  }
  std::swap(row_, waiting_);
  waits_ = true;
}

// Nothing follows a terminal state, so that its own observation serves as well as any; of a cut one it would be wrong.
void Episodes::end(std::span<const double> last) {
  if (!waits_) return;
  if (!last.empty()) {
    waiting_.next_observation.assign(last.begin(), last.end());
    give();
  } else if (rows_have_next_) {
    give();
  } else if (waiting_.terminated) {
    waiting_.next_observation = waiting_.observation;
    give();
  } else {
    summary_.left_out++;
  }
  waits_ = false;
}

void Episodes::give() {
  bool beyond = false;
  for (std::size_t i = 0; i < waiting_.action.size(); i++)
    beyond |= is_beyond(waiting_.action[i], specification_.action_low[i], specification_.action_high[i]);
  summary_.transitions++;
  summary_.out_of_bounds += beyond;
  take_(waiting_);
}

}  // namespace ddpg
