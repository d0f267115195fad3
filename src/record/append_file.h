// A file that grows by whole records. Not here: what a record is (csv.h, json_lines.h, tensorboard.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ddpg {

// What a record says that is no reason to end a training.
using Warn = std::function<void(const std::string&)>;

// Each record reaches the file whole, in one write, and the disk before a checkpoint can count on it; when the disk
// takes only part of it, that part is cut off again.
// Throws Error naming the file.
class AppendFile {
 public:
  // `where` begins the messages: "csv".
  AppendFile(std::string where, std::filesystem::path path);
  ~AppendFile();
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  void begin();      // empty; what was there is gone
  bool begin_new();  // likewise, but false when something of that name is there
  // Keeps so many bytes of the file. What follows them goes when the first record is appended, not before: a training
  // that ends before it has a new record costs none of those that were there.
  void continue_after(std::size_t bytes);
  void append(std::string_view record);
  void append_unsynced(std::string_view record);  // for what can be done without after a power cut
  std::size_t end() const;                        // where the last record ends

  // For a file of lines, each of which begins with its step: keeps `header`, where it is not empty, and the first
  // `rows` lines after it, likewise; with 0 begins anew. What is left of a torn line goes, and so do the last of these
  // lines where they are of a later step than `last_step`, as they are where others are missing. Fewer lines than that
  // are kept with a warning, since the run itself is whole.
  void continue_lines(const std::string& header, std::int64_t rows, std::int64_t last_step, const Warn& warn);

 private:
  void open(int flags);
  void drop_the_rest();
  void write(std::string_view bytes);
  [[noreturn]] void fail(const char* what, int error) const;

  std::string where_;
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::optional<std::size_t> kept_;  // bytes, until the first record
  std::string first_;                // what comes before that record
};

}  // namespace ddpg
