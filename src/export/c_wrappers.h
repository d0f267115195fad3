// The C code of the wrappers that a policy carries (deploy/wrapping.h): a state, what begins an episode, and a step.
#pragma once

#include <cstddef>
#include <string>

#include "policy/content.h"

namespace ddpg {

struct CWrappers {
  std::string defines, text;  // with @name@ and @NAME@; "" of a policy that carries none
  std::size_t stack = 0;      // bytes of its buffers
  std::size_t state = 0;      // bytes of the state, which is the caller's
};

CWrappers c_wrappers(const Policy::Content& content);

}  // namespace ddpg
