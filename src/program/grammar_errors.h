// What is wrong with a command line, in our own words, so that each message names the thing and what to do. For
// command_line.cpp.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace ddpg::cli {

std::vector<std::string> verb_names(const CLI::App& app);

// Before parsing: throws UsageError for what CLI11 would take without a word, an empty value as if none were given, and
// a flag as the value of another. `words`: without the program's name.
void check_words(const CLI::App& app, const std::vector<std::string>& words);

// After parsing: throws UsageError for what CLI11 could not place, as the one thing that is wrong.
void refuse_leftovers(const CLI::App& app);

// What CLI11 found itself.
std::string in_our_words(const CLI::ParseError& error);

}  // namespace ddpg::cli
