#include "support/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "ddpg/error.h"

namespace ddpg {

namespace {

int open_folder(const std::filesystem::path& folder) {
  return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

bool refused(int descriptor, int operation) {
  return ::flock(descriptor, operation | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder, const char* refusal) : descriptor_(open_folder(folder)) {
  if (descriptor_ < 0) {
    throw Error("[lock] cannot open " + folder.string() + ": " + std::generic_category().message(errno));
  }
  if (!refused(descriptor_, LOCK_EX)) return;
  ::close(descriptor_);
  throw UsageError(folder.string() + ": " + refusal);
}

FolderLock::FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool is_locked(const std::filesystem::path& folder) {
  const int descriptor = open_folder(folder);
  if (descriptor < 0) return false;
  const bool locked = refused(descriptor, LOCK_SH);
  ::close(descriptor);
  return locked;
}

}  // namespace ddpg
