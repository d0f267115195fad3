#include "support/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <system_error>
#include <utility>

#include "ddpg/error.h"
#include "support/shown.h"

namespace ddpg {

namespace {

int open_folder(const std::filesystem::path& folder) {
  return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

FolderLock::State lock(int descriptor) noexcept {
  constexpr int kTries = 50;
  constexpr timespec kPause = {0, 2'000'000};  // 2 ms
  for (int i = 1; ::flock(descriptor, LOCK_EX | LOCK_NB) != 0; i++) {
    if (errno != EWOULDBLOCK) return FolderLock::State::not_offered;
    if (i == kTries) return FolderLock::State::refused;
    ::nanosleep(&kPause, nullptr);
  }
  return FolderLock::State::held;
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder) : descriptor_(open_folder(folder)) {
  if (descriptor_ < 0) {
    throw Error("[lock] cannot open " + shown(folder) + ": " + std::generic_category().message(errno));
  }
  state_ = lock(descriptor_);
}

FolderLock::FolderLock(const std::filesystem::path& folder, const char* refusal) : FolderLock(folder) {
  if (state_ == State::refused) throw UsageError(shown(folder) + ": " + refusal);
}

FolderLock::FolderLock(FolderLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), state_(other.state_) {}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool is_locked(const std::filesystem::path& folder) {
  const int descriptor = open_folder(folder);
  if (descriptor < 0) return false;
  const bool locked = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(descriptor);
  return locked;
}

}  // namespace ddpg
