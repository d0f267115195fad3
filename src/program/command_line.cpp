// The grammar of the command line, in CLI11, made of the table of verbs. Errors are reported in our own
// words: grammar_errors.cpp.
#include "program/command_line.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

#include "ddpg/error.h"
#include "ddpg/version.h"
#include "program/grammar_errors.h"
#include "program/output.h"
#include "support/json.h"

namespace ddpg::cli {

namespace {

constexpr const char* kDescription =
    "ddpg trains, evaluates and keeps deterministic policies for continuous control\n"
    "(Lillicrap et al. 2015, \"Continuous control with deep reinforcement learning\").";
constexpr const char* kFooter =
    "First steps:\n  ddpg train Pendulum-v1\n  ddpg evaluate runs/Pendulum-v1/default-seed0\n\n"
    "`ddpg VERB --help` lists each verb's flags; docs/command-line.md has everything.";

// What every grammar of ours has.
void set_up(CLI::App& app) {
  app.require_subcommand(0, 1);  // after the verb, a name that is also one, such as the folder `runs`, is an argument
  app.allow_extras();            // inherited by the verbs; refuse_leftovers() reports what is wrong
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

Flags add_verb(CLI::App& app, const std::string& name, const std::string& help, bool& json) {
  CLI::App& added = *app.add_subcommand(name, help);
  added.footer("");
  Flags flags(added);
  flags.yes("--json", json, "one JSON object as the last line of standard output");
  return flags;
}

void refuse_all_leftovers(const CLI::App& app) {
  for (const CLI::App* verb : app.get_subcommands()) refuse_leftovers(*verb);
  refuse_leftovers(app);
}

// CLI11 keeps pointers into it, so it is built in place and stays there.
struct Grammar {
  CLI::App app{kDescription, "ddpg"};
  bool json = false;
  std::vector<std::string> plugins;
  std::vector<Run> runs;  // of the verbs, in their order

  Grammar() {
    app.footer(kFooter);
    app.get_formatter()->label("SUBCOMMAND", "VERB");
    app.get_formatter()->label("Subcommands", "Verbs");
    app.get_formatter()->label("OPTIONS", "FLAGS");
    app.get_formatter()->label("Options", "Flags");
    set_up(app);
    app.set_version_flag("--version", fmt::format("ddpg {}", kVersion), "show the version");
    Flags(app).each(
        "--load", "FILE", [this](const std::string& file) { plugins.push_back(file); },
        "a shared library that registers tasks of your own; may be repeated, stands before the verb");
    for (const Verb& verb : verbs()) {
      Flags flags = add_verb(app, verb.name, verb.help, json);
      runs.push_back(verb.add(flags));
    }
  }
  Grammar(const Grammar&) = delete;

  Run chosen() const {
    for (std::size_t i = 0; i < runs.size(); i++)
      if (app.got_subcommand(verbs()[i].name)) return runs[i];
    throw UsageError(fmt::format("which verb? One of {}. See `ddpg --help`.", fmt::join(verb_names(app), ", ")));
  }
};

// As CLI11 takes them: the last one first.
std::vector<std::string> words_for(std::span<const std::string> words) {
  std::vector<std::string> given;
  bool flags = true;
  for (const std::string& word : words) {
    const bool ends_flags = flags && word == "--" && !given.empty();
    if (!ends_flags) given.push_back(flags ? word : marked(word));
    flags = flags && !ends_flags;
  }
  std::reverse(given.begin(), given.end());
  return given;
}

// Text that was asked for: --help, --version.
Run showing(const std::string& text, const char* key, const std::string& value) {
  return [=](const Common& common) {
    if (common.json)
      print_json({{key, value}});
    else
      print(text);
    return kDone;
  };
}

}  // namespace

Command read_command_line(int argc, const char* const* argv) {
  Grammar grammar;
  const Common common = {argc > 0 ? argv[0] : "ddpg", wants_json(argc, argv), {}, {}};
  const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  check_words(grammar.app, words);
  try {
    grammar.app.parse(words_for(words));
  } catch (const CLI::CallForVersion&) {
    return {common, showing(fmt::format("ddpg {}\n", kVersion), "version", kVersion)};
  } catch (const CLI::Success&) {
    return {common, showing(grammar.app.help(), "help", grammar.app.help())};
  } catch (const CLI::ParseError& error) {
    throw UsageError(in_our_words(error) + ". See `ddpg --help`.");
  }
  refuse_all_leftovers(grammar.app);
  return {{common.program, grammar.json, grammar.plugins, {}}, grammar.chosen()};
}

bool read_words(const std::string& verb, const std::vector<std::string>& words,
                const std::function<void(Flags&)>& add) {
  CLI::App app("", "ddpg");
  bool json = false;
  set_up(app);
  Flags flags = add_verb(app, verb, "", json);
  add(flags);
  std::vector<std::string> all = {verb};
  all.insert(all.end(), words.begin(), words.end());
  check_words(app, all);
  try {
    app.parse(words_for(all));
  } catch (const CLI::Success&) {
    throw UsageError(fmt::format("`ddpg {} --help` shows it", verb));
  } catch (const CLI::ParseError& error) {
    throw UsageError(fmt::format("{}. See `ddpg {} --help`.", in_our_words(error), verb));
  }
  refuse_all_leftovers(app);
  return json;
}

bool wants_json(int argc, const char* const* argv) {
  for (int i = 1; i < argc && std::string_view(argv[i]) != "--"; i++) {
    if (std::string_view(argv[i]) == "--json") return true;
  }
  return false;
}

}  // namespace ddpg::cli
