#include "report/group_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "options/option_table.h"

namespace ddpg {
namespace {

constexpr std::size_t kMostNamed = 3;      // options in a name
constexpr std::size_t kLongestValue = 40;  // bytes of a value in a name

std::string value_of(const Options& options, const std::string& key) {
  for (const auto& [name, value] : flat(options)) {
    if (name == key) return value;
  }
  return "not set";
}

bool contains(const std::vector<std::string>& keys, const std::string& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

std::string shortened(std::string value) {
  if (value.size() > kLongestValue) value = value.substr(0, kLongestValue) + "...";
  return value;
}

bool departs_from_preset(const Options& options, const std::string& key) {
  return std::any_of(presets().begin(), presets().end(), [&](const Preset& preset) {
    return preset.name == options.preset && value_of(preset.options, key) != value_of(options, key);
  });
}

std::string name_of_group(const RunGroup& group, const std::vector<std::string>& keys) {
  std::string name = group.options().preset;
  for (std::size_t i = 0; i < std::min(keys.size(), kMostNamed); i++)
    name += fmt::format(", {}={}", keys[i], shortened(value_of(group.options(), keys[i])));
  if (keys.size() > kMostNamed) name += ", ...";
  return name;
}

}  // namespace

std::vector<std::string> differing_options(const std::vector<const RunGroup*>& groups) {
  std::vector<std::string> keys;
  std::map<std::string, std::set<std::string>> values;
  std::map<std::string, std::size_t> holders;
  for (const RunGroup* group : groups) {
    for (const auto& [key, value] : flat(group->options())) {
      if (values[key].empty()) keys.push_back(key);
      values[key].insert(value);
      holders[key]++;
    }
  }
  std::erase_if(keys, [&](const std::string& key) {
    const OptionEntry* entry = find_option(key);  // none of a setting of the environment
    return (entry != nullptr && !is_of_a_configuration(*entry)) ||
           (values[key].size() == 1 && holders[key] == groups.size());
  });
  return keys;
}

void name_groups(std::vector<Task>& tasks) {
  std::set<std::string> taken;
  for (Task& task : tasks) {
    std::map<std::string, std::vector<const RunGroup*>> by_preset;
    for (const RunGroup& group : task.groups) by_preset[group.options().preset].push_back(&group);
    std::map<std::string, std::vector<std::string>> differing;  // within each preset
    std::vector<std::string> in_names;                          // of whichever preset
    for (const auto& [preset, groups] : by_preset) {
      differing[preset] = differing_options(groups);
      for (const std::string& key : differing[preset])
        if (!contains(in_names, key)) in_names.push_back(key);
    }
    std::map<std::string, int> numbers;  // of each label, the next to try: hundreds may have the same
    for (RunGroup& group : task.groups) {
      std::vector<std::string> keys = differing[group.options().preset];
      for (const std::string& key : in_names)
        if (!contains(keys, key) && departs_from_preset(group.options(), key)) keys.push_back(key);
      const std::string label = name_of_group(group, keys);
      const std::string before = tasks.size() == 1 ? "" : task.environment + ", ";
      group.label = label;
      int& number = numbers.try_emplace(label, 2).first->second;
      while (!taken.insert(before + group.label).second) group.label = fmt::format("{} ({})", label, number++);
      group.name = before + group.label;
    }
  }
}

}  // namespace ddpg
