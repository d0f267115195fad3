#include "run/carried.h"

#include <algorithm>
#include <utility>

#include "envs/policy_side.h"

namespace ddpg {

std::vector<deploy::CarriedWrapper> carried_wrappers(Environment& environment) {
  using Kind = Carried::Kind;
  std::vector<deploy::CarriedWrapper> wrappers;
  for (const Carried& carried : policy_side(environment, deploy::kMostWrappers).wrappers) {
    const deploy::WrapperKind kind = carried.kind == Kind::time_left      ? deploy::WrapperKind::time_left
                                     : carried.kind == Kind::last_actions ? deploy::WrapperKind::last_actions
                                     : carried.kind == Kind::frame_stack  ? deploy::WrapperKind::frame_stack
                                                                          : deploy::WrapperKind::low_pass;
    wrappers.push_back({kind, carried.count, carried.share});
  }
  return wrappers;
}

Environment& world_of(Environment& environment, const Policy& policy) {
  return *policy_side(environment, policy.content().wrappers.size()).world;
}

Policy with_wrappers(const Policy& policy, const std::vector<deploy::CarriedWrapper>& wrappers) {
  Policy::Content content = policy.content();
  content.wrappers = wrappers;
  return Policy(std::move(content));
}

}  // namespace ddpg
