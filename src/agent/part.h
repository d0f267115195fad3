// One implementation of a part of the learning rule, as its table knows it.
#pragma once

#include <memory>

#include "ddpg/options.h"

namespace ddpg {

// `Given`: other parts that it is made with.
template <class Interface, class... Given>
struct Part {
  bool (*wanted)(const Options& options);  // do these ask for it?
  std::unique_ptr<Interface> (*make)(const Options& options, const Given&... given);
};

}  // namespace ddpg
