// Looking for run folders.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <system_error>

#include "ddpg/error.h"
#include "record/run_record.h"
#include "support/paths.h"
#include "support/shown.h"
#include "support/stop.h"

namespace ddpg {

namespace fs = std::filesystem;

namespace {

constexpr int kDeepest = 12;                   // folders below the one that was named
constexpr std::size_t kMostFolders = 200'000;  // looked at; a slip such as `ddpg runs /` comes to an end

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The digits at the front of `text`, without leading zeros, taken off it.
std::string_view take_digits(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && is_digit(text[end])) end++;
  std::string_view digits = text.substr(0, end);
  text.remove_prefix(end);
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

struct Search {
  const std::atomic<bool>* stop;
  std::vector<fs::path> found{};
  std::vector<std::string> passed_over{};
  std::size_t looked_at = 0;

  void look_into(const fs::path& folder, int depth) {
    for (const fs::path& inside : folders_in(folder)) {
      if (++looked_at > kMostFolders) return note_end();
      visit(folder == "." ? inside.filename() : inside, depth + 1);
    }
  }

  void note_end() {
    if (looked_at == kMostFolders + 1)
      passed_over.push_back(
          fmt::format("there are more than {} folders, and the others are not looked at; name one "
                      "further down",
                      kMostFolders));
  }

  // All of them before one is entered, so that no more than one folder is open at a time. One that may not be read
  // is noted, one that went meanwhile is passed over; any other failure would hide runs.
  std::vector<fs::path> folders_in(const fs::path& folder) {
    std::vector<fs::path> inside;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
      std::error_code ignored;
      if (!entry->is_directory(ignored) || entry->is_symlink(ignored)) continue;
      if (!entry->path().filename().native().starts_with('.')) inside.push_back(entry->path());  // no .git and the like
    }
    if (error == std::errc::permission_denied)
      passed_over.push_back(fmt::format("{} cannot be read, nor what is in it: {}", shown(folder), error.message()));
    else if (error && error != std::errc::no_such_file_or_directory)
      throw Error(fmt::format("[runs] cannot read {}: {}", shown(folder), error.message()));
    return inside;
  }

  void visit(const fs::path& folder, int depth) {
    throw_if_stopped(stop, "looking for runs");
    if (is_run_folder(folder)) {
      found.push_back(folder);
    } else if (depth < kDeepest) {
      look_into(folder, depth);
    }
  }
};

}  // namespace

bool natural_less(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    if (is_digit(a.front()) && is_digit(b.front())) {
      const std::string_view x = take_digits(a), y = take_digits(b);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
    } else {
      if (a.front() != b.front()) return a.front() < b.front();
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
  }
  return a.size() < b.size();
}

bool is_run_folder(const fs::path& folder) {
  constexpr std::array kOfTraining = {"machine.json", "progress.csv", "status.json", "summary.json"};
  std::error_code ignored;
  return fs::is_regular_file(folder / "config.toml", ignored) &&
         std::any_of(kOfTraining.begin(), kOfTraining.end(),
                     [&](const char* file) { return fs::exists(folder / file, ignored); });
}

std::vector<fs::path> find_runs(const fs::path& folder, const std::atomic<bool>* stop,
                                std::vector<std::string>* passed_over) {
  entries_of(folder);  // throws
  Search search{.stop = stop};
  search.visit(folder, 0);
  std::sort(search.found.begin(), search.found.end(),
            [](const fs::path& a, const fs::path& b) { return natural_less(a.native(), b.native()); });
  if (passed_over != nullptr)
    passed_over->insert(passed_over->end(), search.passed_over.begin(), search.passed_over.end());
  return search.found;
}

}  // namespace ddpg
