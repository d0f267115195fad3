// Which files a verb may write over.
#pragma once

#include <string>
#include <string_view>

namespace ddpg::cli {

// Throws UsageError where `file`, which is to be written, lies in no folder.
void check_folder_of(const std::string& flag, const std::string& file);

// A file of another kind may be somebody's work: only what this verb wrote is replaced by it, and `is_ours` knows that
// by its content. Throws UsageError, also where `file` is a folder or lies in none. "": nothing is to be written.
void check_replaceable(const std::string& verb, const std::string& flag, const std::string& file,
                       bool (*is_ours)(std::string_view));

}  // namespace ddpg::cli
