// Replacing whole files. Reading them: read_file.cpp.
#include "support/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <system_error>
#include <utility>
#include <vector>

#include "ddpg/error.h"
#include "support/paths.h"
#include "support/shown.h"
#include "support/write_target.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;

// `error` is read as the call is made, before anything can change it.
[[noreturn]] void fail(const char* what, const fs::path& path, const std::string& advice, int error = errno) {
  throw Error("[files] could not " + std::string(what) + " " + shown(path) + ": " +
              std::generic_category().message(error) + "; " + advice);
}

// An open file or folder; closed when it goes.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }
  bool valid() const { return number_ >= 0; }
  bool close() {
    const int number = std::exchange(number_, -1);
    return number < 0 || ::close(number) == 0;
  }

 private:
  int number_;
};

constexpr const char* kUnchanged =
    "what was at this path before is unchanged; check the folder, its permissions and the space left";

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

// The same for what is written in the middle of work, where it is no wrong use any more.
fs::path target_at_work(const fs::path& path, Written what) try {
  return write_target(path, what);
} catch (const UsageError& error) {
  throw Error(error.what());
}

// Who works on a temporary file holds a lock on it, which ends with the process: so that remove_temporaries() knows
// what was left from what is in use. False: it was taken for left, and is gone.
bool claim(int descriptor) {
  struct stat found;
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return false;
  return ::fstat(descriptor, &found) != 0 || found.st_nlink > 0;
}

// A name in the folder of `path` that nobody has used, not even a killed process of the same number: `create` makes
// what it names, and returns its descriptor, or below 0 with errno set where it cannot.
int create_beside(const fs::path& path, fs::path& temporary, const std::function<int(const char*)>& create) {
  static std::atomic<unsigned> counter = 0;
  for (;;) {
    temporary = folder_of(path) / (".ddpg-" + std::to_string(::getpid()) + "-" + std::to_string(counter++) + ".tmp");
    const int descriptor = create(temporary.c_str());
    if (descriptor < 0 && errno == EEXIST) continue;
    if (descriptor < 0) fail("create a temporary file for", path, kUnchanged);
    if (claim(descriptor)) return descriptor;
    ::close(descriptor);
  }
}

int create_file(const char* name) {
  return ::open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}

int create_folder(const char* name) {
  if (::mkdir(name, 0777) != 0) return -1;
  const int descriptor = ::open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0 && errno == ENOENT) errno = EEXIST;  // taken for left and removed: the next name
  return descriptor;
}

// Where the file system knows no locks, the process whose number is in the name.
bool maker_lives(const fs::path& temporary) {
  int process = 0;
  if (std::sscanf(temporary.filename().c_str(), ".ddpg-%d-", &process) != 1 || process <= 0) return false;
  return ::kill(process, 0) == 0 || errno == EPERM;
}

void remove_if_left(const fs::path& temporary) {
  int number =
      ::open(temporary.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);  // NFS locks what can be written
  if (number < 0) number = ::open(temporary.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
  const Descriptor descriptor(number);
  if (!descriptor.valid()) return;
  const bool locked = ::flock(descriptor.number(), LOCK_EX | LOCK_NB) == 0;
  if (!locked && (errno == EWOULDBLOCK || maker_lives(temporary))) return;
  remove_quietly(temporary);
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// Makes what was done to a name in the folder last through a power cut. Some file systems cannot sync a folder and say
// EINVAL; there is nothing more to do there.
bool sync_folder(const fs::path& folder) {
  const Descriptor handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return handle.valid() && (::fsync(handle.number()) == 0 || errno == EINVAL);
}

void make_renaming_last(const fs::path& path) {
  if (!sync_folder(folder_of(path)))
    fail("make lasting the renaming of", path, "the file is complete but a power cut may bring the former one back");
}

}  // namespace

PendingFile::PendingFile(fs::path path)
    : path_(target_at_work(path, Written::file)), descriptor_(create_beside(path_, temporary_, create_file)) {}

PendingFile::~PendingFile() {
  if (!committed_) ::unlink(temporary_.c_str());
  ::close(descriptor_);
}

void PendingFile::commit() {
  Descriptor file(::open(temporary_.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.valid() || ::fsync(file.number()) != 0) fail("write to the disk", path_, kUnchanged);
  if (!file.close()) fail("finish", path_, kUnchanged);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("replace", path_, kUnchanged);
  committed_ = true;
  make_renaming_last(path_);
}

FileStream::FileStream(const fs::path& file, fs::path shown)
    : shown_(std::move(shown)), descriptor_(::open(file.c_str(), O_WRONLY | O_CLOEXEC)) {
  if (descriptor_ < 0) fail("write", shown_, kUnchanged);
}

FileStream::~FileStream() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void FileStream::write(std::string_view bytes) {
  if (!write_all(descriptor_, bytes)) fail("write", shown_, kUnchanged);
}

void FileStream::close() {
  if (::close(std::exchange(descriptor_, -1)) != 0) fail("finish", shown_, kUnchanged);
}

PendingFolder::PendingFolder(fs::path path)
    : path_(target_at_work(path.has_filename() ? path : path.parent_path(), Written::folder)),  // no slash at the end
      descriptor_(create_beside(path_, temporary_, create_folder)) {}

PendingFolder::~PendingFolder() {
  remove_quietly(temporary_);
  ::close(descriptor_);
}

void PendingFolder::commit() {
  std::error_code ignored;
  // where both are there and the file system can, they change names in one step; the former one then goes as temporary
  if (::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, path_.c_str(), RENAME_EXCHANGE) != 0) {
    fs::remove_all(path_, ignored);
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("replace", path_, kUnchanged);
  }
  make_renaming_last(path_);
}

FolderIdentity::FolderIdentity(fs::path path) : path_(std::move(path)) {
  struct stat found;
  if (::stat(path_.c_str(), &found) != 0) fail("find", path_, "check the path and its permissions");
  device_ = found.st_dev;
  number_ = found.st_ino;
}

void FolderIdentity::check(const char* where) const {
  struct stat found;
  const bool there = ::stat(path_.c_str(), &found) == 0;
  if (there && found.st_dev == device_ && found.st_ino == number_) return;
  throw Error("[" + std::string(where) + "] " + shown(path_) + " is no longer the folder that it was: it was " +
              "removed, moved or replaced, so nothing more is written there");
}

bool is_temporary(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.starts_with(".ddpg-") && name.ends_with(".tmp");
}

void remove_temporaries(const fs::path& folder) {
  std::error_code ignored;
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored))
    if (is_temporary(entry.path())) found.push_back(entry.path());
  for (const fs::path& file : found) remove_if_left(file);
}

void write_file_atomically(const fs::path& path, std::string_view bytes) {
  PendingFile pending(path);
  FileStream file(pending.temporary(), path);
  file.write(bytes);
  file.close();
  pending.commit();
}

void remove_lastingly(const fs::path& path) {
  if (::unlink(path.c_str()) != 0) {
    if (errno == ENOENT) return;
    fail("remove", path, kUnchanged);
  }
  if (!sync_folder(folder_of(path))) fail("make lasting the removal of", path, "a power cut may bring it back");
}

}  // namespace ddpg
