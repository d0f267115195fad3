// The page of `ddpg report`, for the verbs that write one beside their own work.
#pragma once

#include <atomic>
#include <filesystem>

namespace ddpg::cli {

// A page of the runs in the folder `runs`. Throws Error, Interrupted when `stop` becomes true.
void write_page(const std::filesystem::path& runs, const std::filesystem::path& page, const std::atomic<bool>& stop);

}  // namespace ddpg::cli
