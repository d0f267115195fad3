// What FreePlayer and FreePlayers send each other. A player's block: events in their order, and last what the block
// itself is like. The learner's policy: numbers alone, since both know its networks, and a file of it takes ten times
// as long to make.
#pragma once

#include <cstdint>

#include "actors/parcel.h"
#include "ddpg/environment.h"
#include "envs/breakdowns.h"
#include "nn/tensors.h"
#include "policy/content.h"

namespace ddpg {

inline constexpr int kBlockSteps = 64;

enum class Event : std::uint8_t {
  begins,  // an episode: observation, what broke down before it
  step,    // action, result, observation; where it ends an episode the means of the task's metrics, if it has any
  full,    // blocks on their way when this one was full
};

inline bool ends_episode(const StepResult& result) {
  return result.terminated || result.truncated || result.broke_down;
}

inline void pack(const Breakdowns& breakdowns, Parcel& into) {
  for (const Breakdowns::Kind* kind : {&breakdowns.ended, &breakdowns.starts}) {
    into.put(kind->count);
    if (kind->count > 0) into.put_text(kind->last);
  }
}

inline Breakdowns unpack_breakdowns(Unpacking& from) {
  Breakdowns breakdowns;
  for (Breakdowns::Kind* kind : {&breakdowns.ended, &breakdowns.starts}) {
    kind->count = from.get<std::int64_t>();
    if (kind->count > 0) kind->last = from.get_text();
  }
  return breakdowns;
}

inline void pack(const Policy::Content& policy, Parcel& into) {
  for (const Tensor& tensor : policy.tensors) into.put_all(std::span<const float>(tensor.values));
  into.put_all(std::span<const double>(policy.mean)).put_all(std::span<const double>(policy.deviation));
}

// `policy` names its body, and has room for the statistics of observations if there are any.
inline void unpack(Unpacking& from, Policy::Content& policy) {
  policy.tensors.clear();
  for (const TensorForm& form : expected_tensors(policy.body)) {
    Tensor& tensor = policy.tensors.emplace_back(Tensor{form.name, form.shape, {}});
    tensor.values.resize(static_cast<std::size_t>(form.elements()));
    from.get_all(std::span(tensor.values));
  }
  from.get_all(std::span(policy.mean));
  from.get_all(std::span(policy.deviation));
}

}  // namespace ddpg
