// The table of all options: the one place that knows each key, its meaning, range and source, and where it lies in
// `Options`. TOML, `--set`, validation, `ddpg presets` and docs/options.md are derived from it. Environment settings
// (`env.<name>`) are not in it: each environment has its own.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ddpg/options.h"
#include "options/option_value.h"

namespace ddpg {

// What an option decides, and by that where it may differ. The one list of it: a resumed training, an experiment's
// seeds, a report's groups and presets all go by this column.
enum class Scope {
  learning,   // what is learnt
  record,     // what is reported of it, and how often
  start,      // what it starts from: files of its own, which no preset names
  task,       // what is trained: environment and preset
  seed,       // which of the runs of one configuration
  length,     // how long, and what ends it before; a run may be given more
  history,    // what was changed in its middle
  execution,  // how it is computed and kept; no result depends on it
};

// One option. `name` is the key as everyone writes it: "exploration.sigma".
struct OptionEntry {
  std::string name;
  std::string type;     // "integer", "number", "boolean", "text", "list of integers", or the names to choose from
  std::string range;    // ">= 0", "in [0, 1)", or ""
  std::string meaning;  // what it does, in which unit; one sentence
  std::string source;   // what the paper has, and where; "" where it has nothing to say
  Scope scope = Scope::learning;
  bool in_the_middle = false;      // `resume --change` takes it: it shapes no network, no statistic, no random stream
  Reading reading = Reading::any;  // how its text is taken in `--set`

  std::function<std::string(const Options&)> value;           // its value in TOML syntax
  std::function<std::string(Options&, const RawValue&)> set;  // "" or what was expected, as read_value does
  std::function<void(const Options& from, Options& to)> copy;
  std::function<std::string(const Options&)> violation;  // "" or "tau = 2.0 must be in [0, 1]"

  // Meaning, range and source in one line.
  std::string doc() const;
  // "exploration" of "exploration.sigma"; "" for the options at the top.
  std::string_view group() const;
};

// All options, those at the top first, then group by group.
std::span<const OptionEntry> option_table();
// The option of that name, or nullptr.
const OptionEntry* find_option(std::string_view name);

// Whether a preset decides it, rather than each run.
inline bool is_of_a_preset(const OptionEntry& entry) {
  return entry.scope == Scope::learning || entry.scope == Scope::record;
}
// Whether a training may be resumed with another value.
inline bool may_change(const OptionEntry& entry) {
  return entry.scope == Scope::length || entry.scope == Scope::execution;
}
// "steps, threads, ... and checkpoints_kept": those, for messages.
std::string changeable_options();
// Whether runs that differ in it are of different configurations.
inline bool is_of_a_configuration(const OptionEntry& entry) {
  return entry.scope != Scope::seed && entry.scope != Scope::execution;
}
// Whether a resumed training must have it as it was. The list of changes may become longer, which its reader checks.
inline bool is_fixed(const OptionEntry& entry) {
  return !may_change(entry) && entry.scope != Scope::history;
}

// One option and its two values, in TOML; "not set" for a setting of the environment that one lacks.
struct Difference {
  std::string name, value, other;
};
// In which of the options that are `counted`, and settings of the environment, the two differ.
std::vector<Difference> differences(const Options& options, const Options& other, bool (*counted)(const OptionEntry&));
// "tau = 0.1, there 0.2; seed = 1, there 0"
std::string difference_text(const std::vector<Difference>& differences, std::string_view there);

// "unknown option "sigmaa". Did you mean exploration.sigma?"
std::string unknown_option(std::string_view name);

}  // namespace ddpg
