#include "program/flags.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "ddpg/error.h"
#include "options/option_value.h"
#include "support/shown.h"

namespace ddpg::cli {

std::int64_t whole_number(const std::string& flag, const std::string& text, std::int64_t low, std::int64_t high) {
  std::int64_t number = 0;
  const std::string expected = read_value(raw_from_text(text, Reading::any), number);
  if (!expected.empty()) {
    const std::string what = high != kNoLimit ? fmt::format("a whole number from {} to {}", low, high) : expected;
    const bool commas = text.find(',') != std::string::npos;
    throw UsageError(fmt::format("{}: expected {}, found \"{}\"{}", flag, what, shown(text),
                                 commas ? "; write it without commas: 20000, 20_000 or 2e4" : ""));
  }
  if (number >= low && number <= high) return number;
  throw UsageError(high == kNoLimit
                       ? fmt::format("{}: expected a number of at least {}, found {}", flag, low, text)
                       : fmt::format("{}: expected a number from {} to {}, found {}", flag, low, high, text));
}

constexpr char kMark = '\x01';

std::string marked(const std::string& word) {
  return kMark + word;
}

std::string unmarked(const std::string& word) {
  return word.starts_with(kMark) ? word.substr(1) : word;
}

void Flags::argument(const char* name, std::string& value, const char* help) {
  const auto take = [&value](const std::string& given) { value = unmarked(given); };
  app_.add_option_function<std::string>(name, take, help)->type_name("");
}

namespace {

void add_words(CLI::App& app, const char* name, std::vector<std::string>& words, int least, const char* help) {
  const auto take = [&words](const std::vector<std::string>& given) {
    for (const std::string& word : given) words.push_back(unmarked(word));
  };
  app.add_option_function<std::vector<std::string>>(name, take, help)->type_name("")->expected(least, -1);
}

}  // namespace

void Flags::arguments(const char* name, std::vector<std::string>& values, const char* help) {
  add_words(app_, name, values, 0, help);
}

void Flags::text(const std::string& flag, std::string& value, const char* type, const char* help) {
  each(
      flag, type, [&value](const std::string& given) { value = given; }, help);
}

void Flags::real(const std::string& flag, double& value, double low, double high, const char* help) {
  const auto take = [=, &value](const std::string& text) {
    double number = 0;
    const std::string expected = read_value(raw_from_text(text, Reading::any), number);
    if (!expected.empty() || !(number >= low && number <= high))
      throw UsageError(fmt::format("{}: expected a number from {} to {}, found \"{}\"", flag, low, high, shown(text)));
    value = number;
  };
  each(flag, "N", take, help);
}

void Flags::yes(const std::string& flag, bool& value, const char* help) {
  app_.add_flag(flag, value, help)->disable_flag_override();  // --json=no is refused
}

void Flags::each(const std::string& flag, const char* type, const Take& take, const char* help, bool may_be_empty) {
  CLI::Option* option = app_.add_option_function<std::string>(flag, take, help);
  option->trigger_on_parse()->allow_extra_args(false)->type_name(type);
  if (may_be_empty) option->expected(0, 1);
}

void Flags::each_time(const std::string& flag, const std::function<void()>& take, const char* help) {
  app_.add_flag_callback(flag, take, help)->trigger_on_parse()->disable_flag_override();
}

void Flags::command(std::vector<std::string>& words, const char* help) {
  add_words(app_, kCommand, words, 1, help);  // of 0 words the program itself would take them
}

void Flags::footer(const char* text) {
  app_.footer(text);
}

}  // namespace ddpg::cli
