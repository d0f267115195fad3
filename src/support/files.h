// Files that are never half written, and errors that name them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "ddpg/error.h"

namespace ddpg {

/// A file that is there and cannot be read here and now: no permission, no memory, a disk that fails. What is in it may
/// be whole.
class UnreadableFile : public Error {
 public:
  using Error::Error;
};

/// A file that another program writes: beside `path`, under a name of its own until commit(), and removed if that is
/// never reached. Throws Error naming path and cause.
class PendingFile {
 public:
  explicit PendingFile(std::filesystem::path path);
  ~PendingFile();
  PendingFile(const PendingFile&) = delete;

  const std::filesystem::path& temporary() const { return temporary_; }  ///< to be written to; there, and empty
  void commit();                                                         ///< makes it last, and gives it its name

 private:
  std::filesystem::path path_, temporary_;
  int descriptor_;  // of the temporary file, locked: it is in use
  bool committed_ = false;
};

/// Writes to a file that is there, piece by piece. Throws Error naming `shown` and the cause.
class FileStream {
 public:
  FileStream(const std::filesystem::path& file, std::filesystem::path shown);
  ~FileStream();
  FileStream(const FileStream&) = delete;

  void write(std::string_view bytes);
  void close();

 private:
  std::filesystem::path shown_;
  int descriptor_;
};

/// A folder of files, as PendingFile. commit() replaces a folder that is there.
class PendingFolder {
 public:
  explicit PendingFolder(std::filesystem::path path);
  ~PendingFolder();
  PendingFolder(const PendingFolder&) = delete;

  const std::filesystem::path& temporary() const { return temporary_; }
  void commit();

 private:
  std::filesystem::path path_, temporary_;
  int descriptor_;
};

/// Which folder a path names, so that its going or its being replaced by another of the same name is seen.
class FolderIdentity {
 public:
  explicit FolderIdentity(std::filesystem::path path);
  /// Throws Error beginning with `where` when the path no longer names that folder.
  void check(const char* where) const;

 private:
  std::filesystem::path path_;
  std::uint64_t device_ = 0, number_ = 0;
};

/// Whether a file or folder of that name is one that is being written, or that a killed process left half written.
bool is_temporary(const std::filesystem::path& file);
/// Removes from the folder itself what killed processes left, as far as it can be; what is being written, by this
/// process or another, stays.
void remove_temporaries(const std::filesystem::path& folder);

/// Replaces `path` by `bytes` atomically: temporary file beside it, fsync, rename, fsync of the folder. Throws Error
/// naming path and cause.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

/// Removes a file, if there is one, so that no power cut brings it back. Throws Error naming path and cause.
void remove_lastingly(const std::filesystem::path& path);

/// Bytes of a file of settings or results (TOML, JSON): longer, it is something else. And of a table of progress that
/// is read as a whole, which anybody may have written; the run that writes it has no limit.
inline constexpr std::size_t kLongestText = std::size_t{1} << 20, kLongestTable = std::size_t{512} << 20;
inline constexpr std::size_t kAnySize = static_cast<std::size_t>(-1);

/// The whole file: every file that is read is read here. Throws Error naming path and cause: missing, a folder, a pipe
/// or a device (which would never end), longer than `limit`; UnreadableFile where it is longer than the memory that is
/// left, and for any other cause.
std::string read_file(const std::filesystem::path& path, std::size_t limit = kAnySize);
/// The same piece by piece, for a file that may be longer than the memory, until `take` returns false.
void read_pieces(const std::filesystem::path& path, const std::function<bool(std::string_view)>& take);
/// The whole of what a person named to be read, where a pipe may stand: `--config <(...)`.
std::string read_named_file(const std::filesystem::path& path, std::size_t limit);

}  // namespace ddpg
