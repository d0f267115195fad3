// Files that are never half written, and errors that name them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace ddpg {

/// Replaces `path` by `bytes` atomically: temporary file beside it, fsync, rename, fsync of the folder. Throws Error
/// naming path and cause.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);
/// The whole file. Throws Error naming path and cause (missing, a folder, unreadable).
std::string read_file(const std::filesystem::path& path);

}  // namespace ddpg
