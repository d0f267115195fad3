// Where a file that is to be written goes. Not here: writing it (files.h).
#pragma once

#include <filesystem>

namespace ddpg {

enum class Written { file, folder };

/// Where what is written to `path` belongs: there, or where a symbolic link there leads, whether that is there yet or
/// not. Throws UsageError where something is in the way that it may not take the place of: for a file a folder, a
/// device or a pipe, for a folder anything else.
std::filesystem::path write_target(const std::filesystem::path& path, Written what = Written::file);

}  // namespace ddpg
