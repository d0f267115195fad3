// What stands at a path, asked with errors in our words: std::filesystem throws a library's own, or where it is given
// an error code and nobody looks at it, takes a folder that may not be entered for one that is not there.
#pragma once

#include <filesystem>
#include <vector>

namespace ddpg {

enum class Standing { nothing, file, folder, other };  // other: a pipe, a device, a socket

/// What is at `path`, links followed; nothing for a link that leads nowhere. Throws Error "[files] could not look at
/// PATH: Permission denied; ..." when it cannot be known: a folder before it that may not be entered, links in a
/// circle, a name that is too long.
Standing what_is(const std::filesystem::path& path);
bool is_there(const std::filesystem::path& path);
bool is_folder(const std::filesystem::path& path);

/// What is in a folder, in no order. Throws Error naming the folder and the cause: no permission, too many open files.
std::vector<std::filesystem::path> entries_of(const std::filesystem::path& folder);

/// The path from the root on, without dots, so that it does not depend on the folder in which it was typed. Only behind
/// a symbolic link ".." stays: there the system goes elsewhere than the text says.
std::filesystem::path absolute_path(const std::filesystem::path& path);

/// Removes what is at `path` and in it, as far as that can be: for destructors, which memory that is short must not
/// end.
void remove_quietly(const std::filesystem::path& path) noexcept;

/// The folder for temporary files. Throws Error naming TMPDIR where that names none.
std::filesystem::path folder_for_temporaries();

}  // namespace ddpg
