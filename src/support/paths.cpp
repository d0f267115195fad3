#include "support/paths.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>

#include "ddpg/error.h"
#include "support/shown.h"

namespace ddpg {

namespace fs = std::filesystem;

Standing what_is(const fs::path& path) {
  struct stat status;
  if (::stat(path.c_str(), &status) == 0)
    return S_ISREG(status.st_mode) ? Standing::file : S_ISDIR(status.st_mode) ? Standing::folder : Standing::other;
  const int error = errno;
  if (error == ENOENT || error == ENOTDIR) return Standing::nothing;
  throw Error(fmt::format("[files] could not look at {}: {}; check the path and the permissions of the folders in it",
                          shown(path), std::generic_category().message(error)));
}

bool is_there(const fs::path& path) {
  return what_is(path) != Standing::nothing;
}

bool is_folder(const fs::path& path) {
  return what_is(path) == Standing::folder;
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    entries.push_back(entry->path());
  if (!error) return entries;
  throw Error(fmt::format("[files] could not read the folder {}: {}", shown(folder), error.message()));
}

fs::path absolute_path(const fs::path& path) {
  fs::path whole;
  std::error_code unknown;
  for (const fs::path& part : fs::absolute(path)) {
    const bool stays = whole.filename() == ".." || fs::is_symlink(whole, unknown);
    if (part == ".." && !stays)
      whole = whole.parent_path();
    else if (part != ".")
      whole /= part;
  }
  return whole;
}

void remove_quietly(const fs::path& path) noexcept try {
  std::error_code ignored;
  fs::remove_all(path, ignored);
} catch (...) {  // no memory for it
}

fs::path folder_for_temporaries() {
  std::error_code error;
  fs::path folder = fs::temp_directory_path(error);
  if (!error) return folder;
  throw Error(fmt::format("[files] there is no folder for temporary files: {}; TMPDIR must name one that is there",
                          error.message()));
}

}  // namespace ddpg
