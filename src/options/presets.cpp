// The presets, read from their files.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "ddpg/error.h"
#include "ddpg/options.h"
#include "options/preset_files.h"
#include "support/shown.h"
#include "support/suggest.h"

namespace ddpg {
namespace {

Preset read_preset(const std::string& file, const std::string& text) {
  Preset preset;
  preset.name = file.substr(0, file.rfind('.'));
  preset.source = text.substr(2, text.find('\n') - 2);  // behind "# "
  preset.options.preset = preset.name;
  apply_toml(preset.options, text, file);
  return preset;
}

}  // namespace

const std::vector<Preset>& presets() {
  static const std::vector<Preset> all = [] {
    std::vector<Preset> read;
    for (const auto& [file, text] : preset_files()) read.push_back(read_preset(file, text));
    std::ranges::stable_partition(read, [](const Preset& preset) { return preset.name == "default"; });
    return read;
  }();
  return all;
}

const Preset& find_preset(std::string_view name) {
  std::vector<std::string> names;
  for (const Preset& preset : presets()) {
    if (preset.name == name) return preset;
    names.push_back(preset.name);
  }
  throw UsageError(fmt::format("unknown preset \"{}\".{} There are {}", shown(name), did_you_mean(name, names),
                               fmt::join(names, ", ")));
}

}  // namespace ddpg
