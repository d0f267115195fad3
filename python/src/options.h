// Options by their keys, from what Python gives.
#pragma once

#include <string>

#include "ddpg/options.h"
#include "module.h"

namespace ddpg::python {

// Sets one option: `key` as in docs/options.md ("exploration.sigma"), or as a keyword of Python ("exploration_sigma");
// a dict sets a group.
void set_option_of(Options& options, const std::string& key, nb::handle value);

}  // namespace ddpg::python
