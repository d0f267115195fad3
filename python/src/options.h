// Options by their keys, from what Python gives.
#pragma once

#include <string>

#include "ddpg/options.h"
#include "module.h"

namespace ddpg::python {

// Sets one option: `key` as in docs/options.md ("exploration.sigma"), or as a keyword of Python ("exploration_sigma");
// a dict sets a group.
void set_option_of(Options& options, const std::string& key, nb::handle value);

// The settings of an environment as keywords. Numbers of TOML are all of one kind here, so that whole ones, which may
// be counts, are ints.
Named settings_of(const EnvironmentSettings& settings);

}  // namespace ddpg::python
