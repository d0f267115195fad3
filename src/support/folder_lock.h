// An advisory lock on a folder itself: says that somebody writes there, and ends with the process, however that ends.
#pragma once

#include <filesystem>

namespace ddpg {

class FolderLock {
 public:
  enum class State { held, refused, not_offered };  // another has it; the file system knows no locks

  // Tries to take the lock, for up to a tenth of a second, because is_locked() has a share of it for an instant. Throws
  // Error when there is no such folder.
  explicit FolderLock(const std::filesystem::path& folder);
  // Throws UsageError with `refusal` when another has it, too.
  FolderLock(const std::filesystem::path& folder, const char* refusal);
  FolderLock(FolderLock&& other) noexcept;
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  State state() const { return state_; }

 private:
  int descriptor_;
  State state_ = State::held;
};

// Whether a process holds the lock of that folder now.
bool is_locked(const std::filesystem::path& folder);

}  // namespace ddpg
