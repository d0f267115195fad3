// Options as a TOML file, written and read. toml++ is slow to compile: as few files as can be include it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "ddpg/error.h"
#include "ddpg/options.h"
#include "options/option_table.h"
#include "options/toml.h"

namespace ddpg {
namespace {

// What an option can be given; monostate for tables, dates and lists of other things than numbers or texts.
RawValue raw_from_node(const toml::node& node) {
  if (const auto* flag = node.as_boolean()) return flag->get();
  if (const auto* integer = node.as_integer()) return integer->get();
  if (const auto* real = node.as_floating_point()) return real->get();
  if (const auto* text = node.as_string()) return text->get();
  const toml::array* array = node.as_array();
  if (!array) return {};
  if (!array->empty() && array->is_homogeneous(toml::node_type::string)) {
    std::vector<std::string> texts;
    for (const toml::node& element : *array) texts.push_back(element.as_string()->get());
    return texts;
  }
  std::vector<double> list;
  for (const toml::node& element : *array) {
    if (!element.is_number()) return {};
    list.push_back(element.is_integer() ? static_cast<double>(element.as_integer()->get())
                                        : element.as_floating_point()->get());
  }
  return list;
}

std::string describe(const toml::node& node) {
  const RawValue raw = raw_from_node(node);
  if (raw.index() != 0) return ddpg::describe(raw);
  if (node.is_table()) return "a table";
  return node.is_array() ? "a list of other things than numbers or texts" : "a date or time";
}

// Starts anew from the preset of that name; what a preset does not decide is kept.
void start_from(Options& options, std::string_view preset) {
  Options started = find_preset(preset).options;
  started.env = options.env;
  for (const OptionEntry& entry : option_table())
    if (!is_of_a_preset(entry) && entry.name != "preset") entry.copy(options, started);
  options = std::move(started);
}

// Lays one document over options and collects everything wrong with it.
class Layer {
 public:
  Layer(Options& options, std::string_view where) : options_(options), where_(where) {}

  void lay(const toml::table& document) {
    if (const auto* preset = document["preset"].as_string(); preset && preset->get() != options_.preset) {
      lay_preset(*preset);
    }
    for (const auto& [key, node] : document) {
      if (key.str() == "env") {
        lay_settings(node);
      } else {
        lay_node(std::string(key.str()), key.source(), node);
      }
    }
  }

  void throw_problems() {
    if (problems_.empty()) return;
    std::stable_sort(problems_.begin(), problems_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> texts;
    for (const auto& [line, text] : problems_) texts.push_back(text);
    throw UsageError(fmt::format("{}", fmt::join(texts, "\n")));
  }

 private:
  void report(const toml::source_region& region, const std::string& text) {
    const auto line = region.begin.line;
    problems_.emplace_back(line, fmt::format("{}:{}:{}: {}", where_, line, region.begin.column, text));
  }

  void lay_preset(const toml::value<std::string>& preset) {
    try {
      start_from(options_, preset.get());
    } catch (const UsageError& error) {
      report(preset.source(), error.what());
    }
  }

  void lay_node(const std::string& name, const toml::source_region& key, const toml::node& node) {
    const OptionEntry* entry = find_option(name);
    const auto table = option_table();
    const bool group = std::any_of(table.begin(), table.end(), [&](const auto& e) { return e.group() == name; });
    const toml::table* inner = node.as_table();
    if (entry) {
      const std::string expected = entry->set(options_, raw_from_node(node));
      if (!expected.empty())
        report(node.source(), fmt::format("{}: expected {}, found {}", name, expected, describe(node)));
    } else if (inner && (group || !inner->empty())) {
      for (const auto& [key_inside, value] : *inner) {
        lay_node(fmt::format("{}.{}", name, key_inside.str()), key_inside.source(), value);
      }
    } else if (group) {
      report(node.source(),
             fmt::format("{0}: expected a table of options such as [{0}], found {1}", name, describe(node)));
    } else {
      report(key, unknown_option(name));
    }
  }

  void lay_settings(const toml::node& node) {
    const toml::table* settings = node.as_table();
    if (!settings) {
      report(node.source(), fmt::format("env: expected a table of settings, [env], found {}", describe(node)));
      return;
    }
    lay_settings(*settings, "");
  }

  // A table inside is a group of settings: [env.wrap] has wrap.frame_stack.
  void lay_settings(const toml::table& settings, const std::string& group) {
    for (const auto& [name, value] : settings) {
      const std::string key = group + std::string(name.str());
      if (const toml::table* inner = value.as_table()) {
        lay_settings(*inner, key + ".");
        continue;
      }
      const RawValue raw = raw_from_node(value);
      if (raw.index() != 0 && !std::holds_alternative<std::vector<std::string>>(raw)) {
        options_.env[key] = to_setting(raw);
      } else {
        report(value.source(),
               fmt::format("env.{}: expected true, false, a number, a list of numbers or a text, found {}", key,
                           describe(value)));
      }
    }
  }

  Options& options_;
  std::string_view where_;
  std::vector<std::pair<toml::source_index, std::string>> problems_;
};

}  // namespace

std::string to_toml(const Options& options) {
  std::string text;
  std::string_view group;
  for (const OptionEntry& entry : option_table()) {
    if (entry.group() != group) text += fmt::format("\n[{}]\n", entry.group());
    group = entry.group();
    const std::string_view key = std::string_view(entry.name).substr(group.empty() ? 0 : group.size() + 1);
    text += fmt::format("# {}\n{} = {}\n", entry.doc(), key, entry.value(options));
  }
  if (!options.env.empty()) text += "\n# Settings of the task.\n[env]\n";
  for (const auto& [key, setting] : options.env) {
    text += fmt::format("{} = {}\n", to_toml_key(key), to_toml_value(setting));
  }
  return text;
}

void apply_toml(Options& options, std::string_view text, std::string_view where) {
  const toml::table document = parse_toml(text, where);
  Options laid = options;
  Layer layer(laid, where);
  layer.lay(document);
  layer.throw_problems();
  options = std::move(laid);
}

}  // namespace ddpg
