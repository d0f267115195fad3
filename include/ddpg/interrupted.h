// What the library throws where it was asked to stop while there was nothing whole to give back yet.
#pragma once

#include "ddpg/error.h"

namespace ddpg {

/// Nothing went wrong: the caller's `stop` became true, and what was begun is given up. The command line ends with exit
/// code 130.
class Interrupted : public Error {
 public:
  using Error::Error;
};

}  // namespace ddpg
