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

// Whether a process holds the lock of that folder now.
bool is_locked(const std::filesystem::path& folder);

}  // namespace ddpg
