// How a verb says what it takes on the command line. A thin face over CLI11, which is slow to compile: it is seen by
// flags.cpp, grammar_errors.cpp and command_line.cpp alone.
//   - Where a flag is given more than once the last one wins, and values reach their places in the order given.
//   - Places that values go to must stay until the command line is read.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace ddpg::cli {

inline constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

// The number in `text`, as options read theirs: 20000, 20_000 and 2e4 are one number, 20,000 is none. Throws UsageError
// naming the flag, or what else it is of.
std::int64_t whole_number(const std::string& flag, const std::string& text, std::int64_t low, std::int64_t high);

// Behind "--" nothing is a flag. CLI11 forgets that where an argument may be left out, so such words reach it marked;
// the mark goes where they are taken.
std::string marked(const std::string& word);
std::string unmarked(const std::string& word);

class Flags {
 public:
  static constexpr const char* kCommand = "COMMAND";  // the name of what stands behind "--"

  using Take = std::function<void(const std::string&)>;

  explicit Flags(CLI::App& app) : app_(app) {}

  // Arguments without a flag, by their place.
  void argument(const char* name, std::string& value, const char* help);
  void arguments(const char* name, std::vector<std::string>& values, const char* help);

  void text(const std::string& flag, std::string& value, const char* type, const char* help);
  void real(const std::string& flag, double& value, double low, double high, const char* help);
  template <class Integer>
  void number(const std::string& flag, Integer& value, std::int64_t low, std::int64_t high, const char* help) {
    each(
        flag, "N",
        [=, &value](const std::string& text) { value = static_cast<Integer>(whole_number(flag, text, low, high)); },
        help);
  }
  // `value` becomes true.
  void yes(const std::string& flag, bool& value, const char* help);

  // Calls `take` with each value of the flag, in the order of the command line. With `may_be_empty` the value can be
  // left out, and "" is taken.
  void each(const std::string& flag, const char* type, const Take& take, const char* help, bool may_be_empty = false);
  // Likewise for a flag without a value.
  void each_time(const std::string& flag, const std::function<void()>& take, const char* help);

  // A command line that is not this one's, behind "--".
  void command(std::vector<std::string>& words, const char* help);

  void footer(const char* text);

 private:
  CLI::App& app_;
};

}  // namespace ddpg::cli
