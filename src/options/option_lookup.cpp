// How rows of the table are looked up, compared and shown. The rows: option_table.cpp.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "options/option_row.h"
#include "options/option_table.h"
#include "support/shown.h"
#include "support/suggest.h"

namespace ddpg {

std::string OptionEntry::doc() const {
  std::string line = meaning;
  if (!range.empty()) line.insert(line.size() - 1, fmt::format(" ({})", range));
  return source.empty() ? line : line + " " + source;
}

std::string_view OptionEntry::group() const {
  const std::size_t dot = name.find('.');
  return dot == std::string::npos ? std::string_view() : std::string_view(name).substr(0, dot);
}

std::span<const OptionEntry> option_table() {
  static const std::vector<OptionEntry> table = make_option_table();
  return table;
}

const OptionEntry* find_option(std::string_view name) {
  const auto table = option_table();
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const OptionEntry& entry) { return entry.name == name; });
  return found == table.end() ? nullptr : &*found;
}

std::string changeable_options() {
  std::vector<std::string> names;
  for (const OptionEntry& entry : option_table())
    if (may_change(entry)) names.push_back(entry.name);
  const std::string last = names.back();
  names.pop_back();
  return fmt::format("{} and {}", fmt::join(names, ", "), last);
}

std::vector<Difference> differences(const Options& options, const Options& other, bool (*counted)(const OptionEntry&)) {
  std::vector<Difference> found;
  const auto compare = [&](const std::string& name, const std::string& value, const std::string& there) {
    if (value != there) found.push_back({name, value, there});
  };
  for (const OptionEntry& entry : option_table())
    if (counted(entry)) compare(entry.name, entry.value(options), entry.value(other));
  const auto setting = [](const Options& of, const std::string& key) -> std::string {
    const auto entry = of.env.find(key);
    return entry == of.env.end() ? "not set" : to_toml_value(entry->second);
  };
  EnvironmentSettings settings = options.env;
  settings.insert(other.env.begin(), other.env.end());
  for (const auto& [key, value] : settings)
    compare("env." + to_toml_key(key), setting(options, key), setting(other, key));
  return found;
}

std::string difference_text(const std::vector<Difference>& differences, std::string_view there) {
  std::vector<std::string> texts;
  for (const Difference& difference : differences)
    texts.push_back(
        fmt::format("{} = {}, {} {}", shown(difference.name), shown(difference.value), there, shown(difference.other)));
  return fmt::format("{}", fmt::join(texts, "; "));
}

std::string unknown_option(std::string_view name) {
  std::vector<std::string> names, same_ending;
  for (const OptionEntry& entry : option_table()) {
    names.push_back(entry.name);
    if (entry.name.ends_with(fmt::format(".{}", name))) same_ending.push_back(entry.name);
  }
  const std::string hint = same_ending.empty() ? did_you_mean(name, names)
                                               : fmt::format(" Did you mean {}?", fmt::join(same_ending, " or "));
  return fmt::format("unknown option \"{}\".{}", shown(name), hint.empty() ? " docs/options.md lists them all" : hint);
}

}  // namespace ddpg
