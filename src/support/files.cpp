// Reading and replacing whole files.
#include "support/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>

#include "ddpg/error.h"

namespace ddpg {
namespace {

namespace fs = std::filesystem;

// `error` is read as the call is made, before anything can change it.
[[noreturn]] void fail(const char* what, const fs::path& path, const std::string& advice, int error = errno) {
  throw Error("[files] could not " + std::string(what) + " " + path.string() + ": " +
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

// A new file beside the one to be replaced; removed when it goes, unless it has been renamed by then.
struct TemporaryFile {
  fs::path path;
  bool renamed = false;

  ~TemporaryFile() {
    if (!renamed) ::unlink(path.c_str());
  }
};

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

// Creates a file in `folder` under a name that nobody has used, not even a killed process of the same number; -1 as
// open() does.
int create_in(const fs::path& folder, fs::path& path) {
  static std::atomic<unsigned> counter = 0;
  for (;;) {
    path = folder / (".ddpg-" + std::to_string(::getpid()) + "-" + std::to_string(counter++) + ".tmp");
    const int number = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (number >= 0 || errno != EEXIST) return number;
  }
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

// Makes the renaming last through a power cut. Some file systems cannot sync a folder and say EINVAL; there is nothing
// more to do there.
void sync_folder(const fs::path& folder, const fs::path& path) {
  const Descriptor handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!handle.valid() || (::fsync(handle.number()) != 0 && errno != EINVAL)) {
    fail("make lasting the renaming of", path, "the file is complete but a power cut may bring the former one back");
  }
}

}  // namespace

void write_file_atomically(const fs::path& path, std::string_view bytes) {
  const fs::path folder = folder_of(path);
  const std::string advice =
      "what was at this path before is unchanged; check the folder, its permissions and the space left";
  TemporaryFile temporary;
  Descriptor file(create_in(folder, temporary.path));
  if (!file.valid()) fail("create a temporary file for", path, advice);
  if (!write_all(file.number(), bytes)) fail("write", path, advice);
  if (::fsync(file.number()) != 0) fail("write to the disk", path, advice);
  if (!file.close()) fail("finish", path, advice);
  if (::rename(temporary.path.c_str(), path.c_str()) != 0) fail("replace", path, advice);
  temporary.renamed = true;
  sync_folder(folder, path);
}

std::string read_file(const fs::path& path) {
  const std::string advice = "check the path and its permissions";
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) fail("open", path, advice);
  std::string bytes;
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t count = ::read(file.number(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("read", path, advice);
    if (count == 0) return bytes;
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace ddpg
