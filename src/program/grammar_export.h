// The flags of `ddpg export`, for arguments.cpp.
#pragma once

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>

#include "program/arguments.h"

namespace ddpg::cli {

// How a whole number is read: throws UsageError naming the flag.
using ReadInteger = std::int64_t (*)(const char* flag, const std::string& text, std::int64_t low, std::int64_t high);

void add_export(CLI::App& app, ExportArguments& exporting, ReadInteger integer);

}  // namespace ddpg::cli
