#include "envs/policy_side.h"

#include <algorithm>
#include <optional>

#include "envs/step_timeout.h"

namespace ddpg {

PolicySide policy_side(Environment& environment, std::size_t most) {
  PolicySide found;
  found.world = &environment;
  for (Environment* at = &environment; found.wrappers.size() < most;) {
    if (const auto* timed = dynamic_cast<const StepTimeout*>(at)) {
      at = &timed->inside();
      continue;
    }
    auto* wrapper = dynamic_cast<Wrapper*>(at);
    const std::optional<Carried> carried = wrapper != nullptr ? wrapper->carried() : std::nullopt;
    if (!carried) break;
    at = &wrapper->inside();
    if (carried->kind == Carried::Kind::nothing) continue;
    found.wrappers.push_back(*carried);
    found.world = at;
  }
  std::ranges::reverse(found.wrappers);
  return found;
}

}  // namespace ddpg
