#include "program/output.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <utility>

#include "ddpg/error.h"
#include "program/interrupt.h"
#include "program/verbs.h"
#include "support/json.h"
#include "support/shown.h"

namespace ddpg::cli {

namespace {

std::string unwritten;              // of standard output
std::string command_here = "ddpg";  // how this program is started

// Waits until `file` takes a piece of PIPE_BUF bytes, for at most `milliseconds`; -1: as long as it takes.
bool takes_more(int file, int milliseconds) {
  ::pollfd output = {file, POLLOUT, 0};
  return ::poll(&output, 1, milliseconds) != 0;
}

// In pieces that a pipe takes at once or not at all. False with errno set where it cannot be written.
bool write_all(int file, std::string_view text, const std::function<bool()>& wait) {
  while (!text.empty()) {
    if (!wait()) return true;
    const ::ssize_t written = ::write(file, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
    if (written < 0 && errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) return false;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

void print(std::string_view text) {
  unwritten += text;
}

void print_json(const Json& object) {
  // a path that is no UTF-8 is shown as well as it can be
  print(object.dump() + "\n");
}

// Names from files and arguments may hold anything; a terminal must not obey it.
void print_message(std::string_view message) {
  write_progress(fmt::format("ddpg: {}\n", shown_lines(message)));
}

// A terminal that is gone must not end a training, so failures are passed over; and one that takes nothing for now
// (Ctrl-S, a pager that is not scrolled) must not keep a stop from being heard.
void write_progress(std::string_view text) {
  constexpr int kPatience = 100;  // milliseconds
  write_all(STDERR_FILENO, with_our_command(text), [] {
    while (!takes_more(STDERR_FILENO, kPatience))
      if (is_interrupted()) return false;
    return true;
  });
}

void set_command(std::string command) {
  command_here = std::move(command);
}

std::string with_our_command(std::string_view text) {
  constexpr std::string_view kName = "ddpg ", kBefore = " `(\n";
  const auto begins_a_command = [](std::string_view rest) {
    if (rest.starts_with("--")) return true;
    const std::string_view word = rest.substr(0, rest.find_first_not_of("abcdefghijklmnopqrstuvwxyz"));
    return std::ranges::any_of(verbs(), [&](const Verb& verb) { return verb.name == word; });
  };
  std::string result;
  std::size_t copied = 0;
  for (std::size_t at = text.find(kName); at != std::string_view::npos; at = text.find(kName, at + 1)) {
    const bool begins = at == 0 || kBefore.find(text[at - 1]) != std::string_view::npos;
    if (!begins || text.substr(at).starts_with(command_here + " ")) continue;  // it is ours already
    if (!begins_a_command(text.substr(at + kName.size()))) continue;
    result.append(text, copied, at - copied).append(command_here);
    copied = at + kName.size() - 1;
  }
  return result.append(text, copied);
}

void flush_output() {
  const std::string text = std::exchange(unwritten, {});
  if (write_all(STDOUT_FILENO, text, [] { return takes_more(STDOUT_FILENO, -1); })) return;
  throw Error(fmt::format("cannot write the result to standard output: {}", std::strerror(errno)));
}

namespace {

// Columns that a text takes: its code points, as UTF-8 has them.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

std::string table(std::vector<std::vector<std::string>> rows) {
  std::vector<std::size_t> widths;
  for (auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); i++) {
      row[i] = shown(row[i]);
      widths[i] = std::max(widths[i], columns(row[i]));
    }
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); i++) line += row[i] + std::string(widths[i] - columns(row[i]) + 2, ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

bool has_live_terminal() {
  const char* kind = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && kind != nullptr && std::string_view(kind) != "dumb";
}

namespace {

winsize terminal_size() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0) size = {};
  return size;
}

}  // namespace

int terminal_width() {
  const int columns = terminal_size().ws_col;
  return columns > 0 ? columns : 80;
}

int terminal_height() {
  const int lines = terminal_size().ws_row;
  return lines > 0 ? lines : 24;
}

}  // namespace ddpg::cli
