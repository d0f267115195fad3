// ddpg presets: every preset with its source and every value, side by side; or the file of one, ready to be a --config.
#include <fmt/format.h>

#include <memory>

#include "ddpg/options.h"
#include "options/option_table.h"
#include "options/preset_files.h"
#include "program/output.h"
#include "program/verbs.h"
#include "support/json.h"

namespace ddpg::cli {

namespace {

Json as_json(const Preset& preset) {
  Json values = Json::object();
  for (const OptionEntry& entry : option_table()) {
    if (!is_of_a_preset(entry)) continue;
    // numbers, booleans, quoted texts and lists of numbers are written alike in TOML and in JSON, which has no infinity
    const std::string value = entry.value(preset.options);
    values[entry.name] = value == "inf" || value == "-inf" ? Json() : parse_json(value, entry.name);
  }
  return {{"name", preset.name}, {"source", preset.source}, {"options", values}};
}

std::string side_by_side() {
  std::vector<std::vector<std::string>> rows = {{"OPTION"}};
  for (const Preset& preset : presets()) rows.front().push_back(preset.name);
  for (const OptionEntry& entry : option_table()) {
    if (!is_of_a_preset(entry)) continue;
    std::vector<std::string> row = {entry.name};
    for (const Preset& preset : presets()) row.push_back(entry.value(preset.options));
    rows.push_back(row);
  }
  std::vector<std::vector<std::string>> sources;
  for (const Preset& preset : presets()) sources.push_back({preset.name, preset.source});
  return table(rows) + "\n" + table(sources);
}

// The file, and behind it as comments what it leaves as it is by default.
std::string file_of(const Preset& preset) {
  std::string text = preset_files().at(preset.name + ".toml");
  std::string rest;
  for (const OptionEntry& entry : option_table())
    if (is_of_a_preset(entry) && text.find(fmt::format("\n{} = ", entry.name)) == std::string::npos)
      rest += fmt::format("# {} = {}\n", entry.name, entry.value(preset.options));
  return rest.empty() ? text : text + "\n# As by default:\n" + rest;
}

int run_presets(const std::string& name, const Common& common) {
  if (!name.empty()) {
    const Preset& preset = find_preset(name);
    if (common.json)
      print_json(as_json(preset));
    else
      print(file_of(preset));
    return kDone;
  }
  if (common.json) {
    Json all = Json::array();
    for (const Preset& preset : presets()) all.push_back(as_json(preset));
    print_json({{"presets", all}});
  } else {
    print(side_by_side());
  }
  return kDone;
}

}  // namespace

Run add_presets(Flags& flags) {
  const auto name = std::make_shared<std::string>();
  flags.argument("NAME", *name, "the preset to print");
  return [name](const Common& common) { return run_presets(*name, common); };
}

}  // namespace ddpg::cli
