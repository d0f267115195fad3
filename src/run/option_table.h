// The table of all options: the one place that knows each key, its meaning, range and source, and where it lies in
// `Options`. TOML,
// `--set`, validation, `ddpg presets` and docs/options.md are derived from it. Environment settings (`env.<name>`) are
// free and not in it.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "ddpg/options.h"
#include "run/option_value.h"

namespace ddpg {

// One option. `name` is the key as everyone writes it: "exploration.sigma".
struct OptionEntry {
  std::string name;
  std::string type;     // "integer", "number", "boolean", "text", "list of integers", or the names to choose from
  std::string range;    // ">= 0", "in [0, 1)", or ""
  std::string meaning;  // what it does, in which unit; one sentence
  std::string source;   // what the paper has, and where; "" where it has nothing to say
  Reading reading = Reading::any;  // how its text is taken in `--set`

  std::function<std::string(const Options&)> value;           // its value in TOML syntax
  std::function<std::string(Options&, const RawValue&)> set;  // "" or what was expected, as read_value does
  std::function<std::string(const Options&)> violation;       // "" or "tau = 2.0 must be in [0, 1]"

  // Meaning, range and source in one line.
  std::string doc() const;
  // "exploration" of "exploration.sigma"; "" for the options at the top.
  std::string_view group() const;
};

// All options, those at the top first, then group by group.
std::span<const OptionEntry> option_table();
// The option of that name, or nullptr.
const OptionEntry* find_option(std::string_view name);
// "unknown option "sigmaa". Did you mean exploration.sigma?"
std::string unknown_option(std::string_view name);

}  // namespace ddpg
