// Which targets y can be: a part of validation (options.cpp).
#pragma once

#include <string>
#include <vector>

#include "ddpg/options.h"

namespace ddpg {

using Violations = std::vector<std::string>;

// The ranges of y and of what critics say, what the rows of a minibatch are, and what copies of the targets renew.
void check_targets(const Options& options, Violations& violations);

}  // namespace ddpg
