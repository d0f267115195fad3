// The presets as files: src/options/presets/NAME.toml, compiled into the library (cmake/embed.cmake). The first line of
// a file is a comment that names the source of the whole; each value has its own source behind it. A file writes out
// every value that its source decides, even where it equals the default, so that a change of a default changes no
// other preset. docs/presets.md names where ddpg and the source differ.
#pragma once

#include <map>
#include <string>

namespace ddpg {

/// Text by name of the file: "lillicrap2015.toml". In the order of the names.
const std::map<std::string, std::string>& preset_files();

}  // namespace ddpg
