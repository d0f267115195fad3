#include "program/grammar_errors.h"

#include <fmt/format.h>

#include <algorithm>

#include "ddpg/error.h"
#include "program/flags.h"
#include "support/shown.h"
#include "support/suggest.h"

namespace ddpg::cli {

namespace {

std::vector<std::string> flag_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

bool looks_like_flag(const std::string& word) {
  return word.starts_with("--") || word == "-h";
}

std::string name_in(const std::string& flag) {
  return flag.substr(0, flag.find('='));
}

// The verb of that name, or the program itself.
const CLI::App* verb_or(const CLI::App& app, const std::string& word) {
  for (const CLI::App* verb : app.get_subcommands({}))
    if (verb->get_name() == word) return verb;
  return &app;
}

[[noreturn]] void refuse_command(const CLI::App& verb, const std::string& word) {
  throw UsageError(
      fmt::format("{0}: the command stands behind `--`, as in `ddpg {0} ... -- {1} ...`. See `ddpg {0} --help`.",
                  verb.get_name(), word));
}

[[noreturn]] void refuse_flag(const CLI::App& app, const std::string& flag, const std::string& help) {
  for (const CLI::App* verb : app.get_subcommands({})) {
    if (verb->get_option_no_throw(flag) == nullptr) continue;
    throw UsageError(
        fmt::format("{}: flags stand behind the verb, as in `ddpg {} ... {}`.{}", flag, verb->get_name(), flag, help));
  }
  throw UsageError(fmt::format("unknown flag {}.{}{}", shown(flag), did_you_mean(flag, flag_names(app)), help));
}

}  // namespace

std::vector<std::string> verb_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands({})) names.push_back(verb->get_name());
  return names;
}

// Flags behind an unknown verb are flags of nothing.
void refuse_leftovers(const CLI::App& app) {
  const std::string verb = app.get_parent() == nullptr ? "" : app.get_name();
  const std::string help = fmt::format(" See `ddpg{}{} --help`.", verb.empty() ? "" : " ", verb);
  std::vector<std::string> leftovers = app.remaining();
  std::erase(leftovers, "--");
  if (leftovers.empty()) return;
  const auto is_word = [](const std::string& leftover) { return !leftover.starts_with('-'); };
  const std::string first = unmarked(leftovers.front());
  if (verb.empty() && is_word(leftovers.front())) {
    throw UsageError(fmt::format("unknown verb \"{}\".{}{}", shown(first), did_you_mean(first, verb_names(app)), help));
  }
  const auto flag = std::find_if_not(leftovers.begin(), leftovers.end(), is_word);
  if (flag != leftovers.end()) refuse_flag(app, name_in(*flag), help);
  throw UsageError(fmt::format("unexpected argument \"{}\" for {}.{}", shown(first), verb, help));
}

void check_words(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* verb = &app;
  bool flags = true;  // until "--"
  for (std::size_t i = 0; i < words.size(); i++) {
    const std::string& word = words[i];
    const std::string flag = name_in(word);
    if (word.empty()) {
      const bool valued = i > 0 && looks_like_flag(words[i - 1]);
      throw UsageError(fmt::format("{} is empty; give it a value, or leave it out",
                                   valued ? "the value of " + words[i - 1] : fmt::format("argument {}", i + 1)));
    }
    if (word == "--") flags = false;
    if (!flags) continue;
    if (verb == &app) verb = verb_or(app, word);
    if (!word.starts_with('-')) {
      if (verb->get_option_no_throw(Flags::kCommand) != nullptr && word != verb->get_name())
        refuse_command(*verb, word);
      continue;
    }
    if (word.ends_with('=') && word.size() == flag.size() + 1) {
      throw UsageError(fmt::format("the value of {} is empty; give it a value, or leave it out", flag));
    }
    const CLI::Option* option = verb->get_option_no_throw(flag);
    const bool takes_next = option != nullptr && flag == word && option->get_items_expected_min() > 0;
    if (!takes_next || i + 1 == words.size() || words[i + 1].empty()) continue;
    if (looks_like_flag(words[i + 1])) {
      throw UsageError(fmt::format("{0} needs a value, found the flag {1}; a value of that name is written {0}={1}",
                                   flag, words[i + 1]));
    }
    i++;
  }
}

std::string in_our_words(const CLI::ParseError& error) {
  const std::string text = error.what();
  if (text.ends_with("missing"))
    return text.substr(0, text.find(':')) + " needs a value";  // "--steps: 1 required N missing"
  if (text.ends_with("flag override")) return fmt::format("--{} takes no value", text.substr(0, text.find(' ')));
  return text;
}

}  // namespace ddpg::cli
