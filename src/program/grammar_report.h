// The flags of `ddpg runs` and `ddpg report`, for arguments.cpp.
#pragma once

#include <CLI/CLI.hpp>

#include "program/arguments.h"

namespace ddpg::cli {

void add_runs(CLI::App& app, RunsArguments& runs);
void add_report(CLI::App& app, ReportArguments& report);

}  // namespace ddpg::cli
