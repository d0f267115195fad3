// An advisory lock on a folder itself: says that somebody writes there, and ends with the process, however that ends.
#pragma once

#include <filesystem>

namespace ddpg {

class FolderLock {
 public:
  // Takes the lock, or throws UsageError with `refusal` when another process has it. Where the file system knows no
  // locks, goes on without. Throws Error when there is no such folder.
  FolderLock(const std::filesystem::path& folder, const char* refusal);
  FolderLock(FolderLock&& other) noexcept;
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

// Locks the folder that `descriptor` is open on, for this descriptor alone. Says 0, EWOULDBLOCK where another has it,
// or what else flock() says. Asks for up to a tenth of a second, because is_locked() has a share of it for an instant.
int lock_folder(int descriptor) noexcept;

// Whether a process holds the lock of that folder now.
bool is_locked(const std::filesystem::path& folder);

}  // namespace ddpg
