// Bounds and errors of a TOML document. How toml++ is included: toml.h.
#include "options/toml.h"

#include <algorithm>

#include <fmt/format.h>

#include "ddpg/error.h"

namespace ddpg {

namespace {

constexpr int kDeepest = 16;   // lists and tables within each other
constexpr int kMostParts = 8;  // of a key: a.b.c has three

// Follows the text as far as its strings and comments go, so that a key is told from a text. Where the text is no TOML,
// the parser stops at the same place and says so.
class Depths {
 public:
  explicit Depths(std::string_view text) : text_(text) {}

  // What is too deep, or "".
  std::string fault() {
    for (; at_ < text_.size(); at_++) {
      const char c = text_[at_];
      if (c == '#') at_ = std::min(text_.find('\n', at_), text_.size());
      if (at_ >= text_.size()) break;
      if (c == '"' || c == '\'') skip_string(c);
      if (c == '\n' || c == '#') line_++;
      dots_ = c == '.' ? dots_ + 1 : is_of_a_key(c) ? dots_ : 0;
      if (c == '[' || c == '{') depth_++;
      if (c == ']' || c == '}') depth_--;
      if (dots_ >= kMostParts)
        return fmt::format("{}: expected a key of at most {} parts, found more", line_, kMostParts);
      if (depth_ > kDeepest)
        return fmt::format("{}: expected at most {} levels of lists and tables, found more", line_, kDeepest);
    }
    return "";
  }

 private:
  // What may stand between two dots of one key. Quotation marks are gone with their string.
  static bool is_of_a_key(char c) {
    return c != ',' && c != '=' && c != '[' && c != ']' && c != '{' && c != '}' && c != '\n' && c != '#';
  }

  // From the first quotation mark of a string to its last one.
  void skip_string(char quote) {
    const bool long_string = text_.substr(at_, 3) == std::string(3, quote);
    const std::size_t marks = long_string ? 3 : 1;
    for (at_ += marks; at_ < text_.size(); at_++) {
      if (text_[at_] == '\n') line_++;
      if (text_[at_] == '\n' && !long_string) return;
      if (text_[at_] == '\\' && quote == '"') {
        at_++;
      } else if (text_.substr(at_, marks) == std::string(marks, quote)) {
        at_ += marks - 1;
        for (int more = 0; long_string && more < 2 && at_ + 1 < text_.size() && text_[at_ + 1] == quote; more++) at_++;
        return;
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1, depth_ = 0, dots_ = 0;
};

}  // namespace

toml::table parse_toml(std::string_view text, std::string_view where) {
  const std::string fault = Depths(text).fault();
  if (!fault.empty()) throw UsageError(fmt::format("{}:{}", where, fault));
  try {
    return toml::parse(text, where);
  } catch (const toml::parse_error& error) {
    const toml::source_position position = error.source().begin;
    throw UsageError(fmt::format("{}:{}:{}: {}", where, position.line, position.column, error.description()));
  }
}

}  // namespace ddpg
