// By what a run differs from its preset, for people who look through many: in the names of folders and in lists.
#pragma once

#include <string>
#include <vector>

#include "ddpg/options.h"
#include "options/option_table.h"

namespace ddpg {

// The options that decide what is learnt and are not as the preset has them, and the settings of the task; `other` is
// the preset's value. All of them where there is no preset of that name.
std::vector<Difference> changes(const Options& options);

// The first few on one line: "sigma=0.3 tau=0.01 +2". A part of a key goes where one option alone ends in the rest.
std::string short_changes(const std::vector<Difference>& changes, const std::string& between = " ");

// A text as a part of a file's name: without slashes, and no hidden file.
std::string file_name(std::string text);

// "default", "default-sigma=0.3-hidden=64,64": what the folder of a run is called, before its seed. At most some 120
// bytes long, and nothing in it that a shell reads otherwise.
std::string configuration_name(const Options& options);

}  // namespace ddpg
