// The report of an experiment, written into its folder when its seeds have ended.
#pragma once

#include <filesystem>

namespace ddpg::cli {

// Writes report.html into `folder` and returns its path; "" when that could not be done, which is told and costs
// nothing else.
std::filesystem::path write_report_into(const std::filesystem::path& folder);

}  // namespace ddpg::cli
