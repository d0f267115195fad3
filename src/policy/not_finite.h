// What Policy::act() throws, for those who can say at which step it was.
#pragma once

#include "ddpg/error.h"

namespace ddpg {

/// An observation to act on, or the action that follows, is no finite number.
class NotFinite : public Error {
 public:
  using Error::Error;
};

}  // namespace ddpg
