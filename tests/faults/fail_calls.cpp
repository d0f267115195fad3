// A library to be preloaded (LD_PRELOAD) into a program: the call number DDPG_FAULT_AT, of those that touch something
// in DDPG_FAULT_FOLDER, fails with DDPG_FAULT_ERRNO, and with DDPG_FAULT_FOREVER=1 every one after it too. A write that
// fails takes half of what it is given first, as a disk does that becomes full. Which call it was is appended to the
// file DDPG_FAULT_TOLD. Nothing is synced, which only takes time.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

template <class Function>
Function* next(const char* name, Function*) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

bool is_inside(const std::string& path) {
  static const std::string folder = variable("DDPG_FAULT_FOLDER");
  return !folder.empty() && path.compare(0, folder.size(), folder) == 0 &&
         (path.size() == folder.size() || path[folder.size()] == '/');
}

std::string path_of(int descriptor) {
  char link[64], path[PATH_MAX];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t length = ::readlink(link, path, sizeof path);
  return length > 0 ? std::string(path, static_cast<std::size_t>(length)) : "";
}

std::string path_of(int folder, const char* name) {
  if (!name) return path_of(folder);
  if (name[0] == '/') return name;
  char here[PATH_MAX];
  const std::string base = folder != AT_FDCWD ? path_of(folder) : ::getcwd(here, sizeof here) ? here : "";
  return base + "/" + name;
}

void tell(const char* call, const std::string& path) {
  const int file = next("open", &::open)(variable("DDPG_FAULT_TOLD").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const std::string line = std::string(call) + " " + path + "\n";
  static_cast<void>(next("write", &::write)(file, line.data(), line.size()));
  next("close", &::close)(file);
}

// Whether this call is to fail; then errno says why.
bool fails(const char* call, const std::string& path) {
  static const long at = std::atol(variable("DDPG_FAULT_AT").c_str());
  static const bool forever = variable("DDPG_FAULT_FOREVER") == "1";
  static const int error = std::atoi(variable("DDPG_FAULT_ERRNO").c_str());
  static std::atomic<long> count = 0;
  const int before = errno;
  if (at == 0 || !is_inside(path)) {
    errno = before;
    return false;
  }
  const long number = ++count;
  if (number == at) tell(call, path);
  const bool now = number == at || (forever && number > at);
  errno = now ? error : before;
  return now;
}

// What a full disk refuses: it still opens, closes and removes what is there.
bool fails_when_full(const char* call, const std::string& path, bool makes) {
  static const bool full = variable("DDPG_FAULT_FOREVER") == "1" && variable("DDPG_FAULT_ERRNO") == "28";
  return (makes || !full) && fails(call, path);
}

}  // namespace

extern "C" {

int openat(int folder, const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  if (fails_when_full("open", path_of(folder, path), (flags & O_CREAT) != 0)) return -1;
  return next("openat", &::openat)(folder, path, flags, mode);
}

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return openat(AT_FDCWD, path, flags, mode);
}

int open64(const char* path, int flags, ...) __attribute__((alias("open")));
int openat64(int folder, const char* path, int flags, ...) __attribute__((alias("openat")));

ssize_t write(int file, const void* bytes, size_t size) {
  if (!fails("write", path_of(file))) return next("write", &::write)(file, bytes, size);
  const int error = errno;
  static std::atomic<bool> halved = false;
  if (size > 1 && !halved.exchange(true)) {
    // the rest is asked for at once, and refused
    static_cast<void>(next("write", &::write)(file, bytes, size / 2));
  }
  errno = error;
  return -1;
}

int fsync(int file) {
  return fails("fsync", path_of(file)) ? -1 : 0;
}

int fdatasync(int file) {
  return fails("fdatasync", path_of(file)) ? -1 : 0;
}

int rename(const char* from, const char* to) {
  if (fails("rename", path_of(AT_FDCWD, to))) return -1;
  return next("rename", &::rename)(from, to);
}

int close(int file) {  // closes all the same, as Linux does
  const bool failed = fails_when_full("close", path_of(file), false);
  const int error = errno;
  const int result = next("close", &::close)(file);
  errno = failed ? error : errno;
  return failed ? -1 : result;
}

int mkdir(const char* path, mode_t mode) {
  if (fails("mkdir", path_of(AT_FDCWD, path))) return -1;
  return next("mkdir", &::mkdir)(path, mode);
}

int unlink(const char* path) {
  if (fails_when_full("unlink", path_of(AT_FDCWD, path), false)) return -1;
  return next("unlink", &::unlink)(path);
}

int unlinkat(int folder, const char* path, int flags) {
  if (fails_when_full("unlink", path_of(folder, path), false)) return -1;
  return next("unlinkat", &::unlinkat)(folder, path, flags);
}

int remove(const char* path) {
  if (fails_when_full("unlink", path_of(AT_FDCWD, path), false)) return -1;
  return next("remove", &::remove)(path);
}

int ftruncate(int file, off_t length) {
  if (fails_when_full("ftruncate", path_of(file), false)) return -1;
  return next("ftruncate", &::ftruncate)(file, length);
}

int ftruncate64(int file, off_t length) __attribute__((alias("ftruncate")));
}
