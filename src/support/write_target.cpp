#include "support/write_target.h"

#include <sys/stat.h>

#include <string>
#include <system_error>

#include "ddpg/error.h"
#include "support/shown.h"

namespace ddpg {

namespace fs = std::filesystem;

namespace {

const char* kind_of(::mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return S_ISREG(mode) ? "a file" : "a device";
}

}  // namespace

fs::path write_target(const fs::path& path, Written what) {
  const ::mode_t wanted = what == Written::file ? S_IFREG : S_IFDIR;
  if (path.empty()) throw UsageError("[files] the name of what is to be written is empty");
  struct stat found;
  if (::stat(path.c_str(), &found) == 0 && (found.st_mode & S_IFMT) != wanted) {
    throw UsageError("[files] " + shown(path) + " is " + kind_of(found.st_mode) + ", and is not replaced by " +
                     kind_of(wanted) + "; give another name");
  }
  constexpr int kMostLinks = 40;  // as the kernel has it
  fs::path target = path;
  std::error_code no_link;
  for (int i = 0; i < kMostLinks; i++) {
    const fs::path next = fs::read_symlink(target, no_link);
    if (no_link) return target;
    target = target.parent_path() / next;
  }
  throw UsageError("[files] " + shown(path) + " is a symbolic link that leads to itself; give another name");
}

}  // namespace ddpg
