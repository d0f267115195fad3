// Copies of a task that one simulator steps all at once, such as a vector of environments in another language.
#pragma once

#include <span>

#include "ddpg/vector_environment.h"
#include "envs/wrapper.h"

namespace ddpg {

/// What each such copy implements beside Environment. In each step play() of the first copy is called first; step() or
/// reset() of each copy then gives what followed for that copy.
class SteppedTogether {
 public:
  virtual ~SteppedTogether() = default;
  /// `actions` of the first so many copies; all copies are stepped.
  virtual void play(std::span<const float> actions) = 0;
  /// What its simulator does with a copy whose episode has ended, same_step or next_step; whatever the
  /// VectorEnvironment was asked for.
  virtual Autoreset autoreset() const = 0;
  /// Whether it truncates at the time limit itself, so that the steps played are a part of its state already.
  virtual bool keeps_time_limit() const { return false; }
};

/// Whether it is such a copy, or a wrapper of ours stands around one.
inline bool is_stepped_together(const Environment& environment) {
  return dynamic_cast<const SteppedTogether*>(&innermost(environment)) != nullptr;
}

}  // namespace ddpg
