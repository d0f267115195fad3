#include "record/append_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "ddpg/error.h"
#include "support/bytes.h"
#include "support/files.h"
#include "support/shown.h"
#include "support/write_target.h"

namespace ddpg {

namespace {

struct Lines {
  std::size_t count = 0, end = 0;  // end: the byte behind the last of them
  std::string first;               // without its line end; not all of it where it is longer than the header
};

// A row begins with its step: "5000,..." or {"step": 5000, ...}. -1 where it does not.
std::int64_t step_of(std::string_view row) {
  row.remove_prefix(std::min(row.find_first_of("0123456789"), row.size()));
  std::int64_t step = -1;
  std::from_chars(row.data(), row.data() + row.size(), step);
  return step;
}

// The header, where it is not empty, and the first `rows` whole lines after it, up to the last one that is not of a
// later step than `last_step`; of a file of any length.
Lines first_lines(const std::filesystem::path& path, const std::string& header, std::size_t rows,
                  std::int64_t last_step) {
  constexpr std::size_t kWithStep = 64;  // bytes of a row, with its step among them
  const std::size_t headers = header.empty() ? 0 : 1;
  Lines lines;
  std::string start;  // of the line
  std::size_t place = 0, seen = 0;
  read_pieces(path, [&](std::string_view piece) {
    while (!piece.empty() && seen < rows + headers) {
      const std::string_view line = piece.substr(0, piece.find('\n'));
      const std::size_t most = seen < headers ? header.size() + 1 : kWithStep;
      start += line.substr(0, most - std::min(most, start.size()));
      if (seen == 0) lines.first = start;
      const std::size_t taken = std::min(line.size() + 1, piece.size());
      place += taken;
      piece.remove_prefix(taken);
      if (taken == line.size()) break;  // the next piece has the rest of it
      seen++;
      if (seen <= headers || step_of(start) <= last_step) lines.count = seen, lines.end = place;
      start.clear();
    }
    return seen < rows + headers;
  });
  return lines;
}

}  // namespace

AppendFile::AppendFile(std::string where, std::filesystem::path path)
    : where_(std::move(where)), path_(std::move(path)) {}

AppendFile::~AppendFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void AppendFile::open(int flags) {
  if (descriptor_ >= 0) ::close(descriptor_);
  // without waiting: a pipe that nobody reads would be waited for for ever
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK | flags, 0666);
}

void AppendFile::begin() {
  write_target(path_);  // a pipe would be waited for
  open(O_CREAT | O_TRUNC);
  if (descriptor_ < 0) fail("write", errno);
}

bool AppendFile::begin_new() {
  open(O_CREAT | O_EXCL);
  if (descriptor_ < 0 && errno != EEXIST) fail("write", errno);
  return descriptor_ >= 0;
}

void AppendFile::continue_after(std::size_t bytes) {
  write_target(path_);
  open(0);
  if (descriptor_ < 0) fail("write", errno);
  kept_ = bytes;
}

void AppendFile::drop_the_rest() {
  const auto end = static_cast<::off_t>(*kept_);
  if (::ftruncate(descriptor_, end) != 0) fail("cut back", errno);
  if (::lseek(descriptor_, end, SEEK_SET) < 0) fail("write", errno);
  kept_.reset();
}

void AppendFile::append_unsynced(std::string_view record) {
  if (kept_) drop_the_rest();
  if (!first_.empty()) write(std::exchange(first_, ""));
  write(record);
}

void AppendFile::write(std::string_view record) {
  const ::off_t before = ::lseek(descriptor_, 0, SEEK_CUR);
  while (!record.empty()) {
    const ::ssize_t taken = ::write(descriptor_, record.data(), record.size());
    if (taken < 0 && errno == EINTR) continue;
    if (taken < 0) {
      const int error = errno;
      if (before >= 0 && ::ftruncate(descriptor_, before) == 0) ::lseek(descriptor_, before, SEEK_SET);
      fail("write", error);
    }
    record.remove_prefix(static_cast<std::size_t>(taken));
  }
}

void AppendFile::append(std::string_view record) {
  append_unsynced(record);
  // a file system that cannot sync says EINVAL
  if (::fdatasync(descriptor_) != 0 && errno != EINVAL) fail("write", errno);
}

std::size_t AppendFile::end() const {
  return static_cast<std::size_t>(std::max<::off_t>(0, ::lseek(descriptor_, 0, SEEK_CUR)));
}

void AppendFile::continue_lines(const std::string& header, std::int64_t rows, std::int64_t last_step,
                                const Warn& warn) {
  std::error_code unknown;
  const bool there = std::filesystem::exists(path_, unknown);
  const std::size_t headers = header.empty() ? 0 : 1;
  Lines lines;
  if (there && rows > 0) lines = first_lines(path_, header, static_cast<std::size_t>(rows), last_step);
  if (there && rows > 0 && headers == 1 && lines.first != header) {
    throw Error(
        fmt::format("[{}] {} cannot be continued: its first line is {}, expected \"{}\"; move the "
                    "file away to begin a new one",
                    where_, shown(path_), printable(lines.first), header));
  }
  const auto kept = static_cast<std::int64_t>(lines.count - std::min(lines.count, headers));
  if (kept < rows && warn) {
    warn(fmt::format("{} holds {} of the {} rows that were recorded before; it continues without those missing",
                     shown(path_), kept, rows));
  }
  if (headers == 1 && lines.count == 0) first_ = header + "\n";
  if (there) return continue_after(lines.end);
  begin();
  if (!first_.empty()) append(std::exchange(first_, ""));
}

void AppendFile::fail(const char* what, int error) const {
  throw Error(fmt::format("[{}] cannot {} {}: {}", where_, what, shown(path_), std::strerror(error)));
}

}  // namespace ddpg
