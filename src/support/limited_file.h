// Files that others wrote: read whole, but never more than was agreed to, and never anything but a file.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace ddpg {

/// The whole file, of at most `limit` bytes. Throws Error "[where] ..." naming path and cause: missing, a folder or a
/// pipe (which would never end), unreadable, longer than `limit`.
std::string read_limited_file(const std::filesystem::path& path, std::size_t limit, const char* where = "file");

}  // namespace ddpg
