#include "run/run_name.h"

#include <fmt/format.h>

#include <algorithm>

#include "ddpg/error.h"

namespace ddpg {

namespace {

constexpr std::size_t kMostNamed = 3, kLongestKey = 24, kLongestValue = 16;  // bytes

Options preset_of(const Options& options) {
  const auto& known = presets();
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const Preset& preset) { return preset.name == options.preset; });
  return found == known.end() ? Options{} : found->options;
}

// "sigma" of "exploration.sigma"; "actor.hidden" as it is, since the critic has it too.
std::string short_key(const std::string& name) {
  const std::string last = name.substr(name.rfind('.') + 1);
  const auto table = option_table();
  const auto same = std::count_if(table.begin(), table.end(), [&](const OptionEntry& entry) {
    return entry.name == last || entry.name.ends_with("." + last);
  });
  return same > 1 ? name : last;
}

// What a shell takes as it is and no file system refuses: [400, 300] as 400,300 and "relu" without its quotation marks.
std::string plain(std::string_view text, std::size_t most) {
  static constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.,+-";
  std::string name;
  for (const char c : text) {
    if (c == ' ' || c == '"' || c == '\'' || c == '[' || c == ']') continue;
    name += kPlain.find(c) == std::string_view::npos ? '_' : c;
  }
  return name.substr(0, most);
}

}  // namespace

std::vector<Difference> changes(const Options& options) {
  Options usual = preset_of(options);
  return differences(options, usual, [](const OptionEntry& entry) {
    return entry.scope == Scope::learning || entry.scope == Scope::history;
  });
}

std::string short_changes(const std::vector<Difference>& changes, const std::string& between) {
  std::string text;
  for (std::size_t i = 0; i < std::min(changes.size(), kMostNamed); i++)
    text += fmt::format("{}{}={}", i == 0 ? "" : between, plain(short_key(changes[i].name), kLongestKey),
                        plain(changes[i].value, kLongestValue));
  if (changes.size() > kMostNamed) text += fmt::format("{}+{}", between == " " ? " " : "", changes.size() - kMostNamed);
  return text;
}

std::string file_name(std::string text) {
  std::replace(text.begin(), text.end(), '/', '-');
  return text.empty() || text.front() == '.' ? "_" + text : text;
}

std::string configuration_name(const Options& options) {
  const std::string changed = short_changes(changes(options), "-");
  return file_name(options.preset) + (changed.empty() ? "" : "-" + changed);
}

}  // namespace ddpg
