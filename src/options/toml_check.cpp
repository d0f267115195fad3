#include "options/toml_check.h"

#include <fmt/format.h>

#include <algorithm>

namespace ddpg {

namespace {

constexpr std::size_t kDeepest = 16;  // lists and tables within each other
constexpr int kMostParts = 8;         // of a key: a.b.c has three

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

// Follows the text as the parser does, as long as it is TOML: it knows keys from values and texts from words. Where it
// is TOML no more the parser stops and says so, so that what is thought of the rest counts for nothing.
class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;  // the mark by which some editors begin a file
  }

  std::string fault() {
    for (; at_ < text_.size() && fault_.empty(); at_++) {
      const char c = text_[at_];
      if (c == '#') at_ = std::min(text_.find('\n', at_), text_.size());
      if (at_ == text_.size()) break;
      if ((c == '"' || c == '\'') && (!in_value_ || at_start_)) {
        skip_text(c);
        at_start_ = false;
      } else if (is_ascii(c)) {
        take(c == '#' ? '\n' : c);
      } else {
        refuse("a text in quotation marks around letters beyond ASCII", "one outside");
      }
    }
    return fault_;
  }

 private:
  void refuse(std::string_view expected, std::string_view found) {
    fault_ = fmt::format("{}: expected {}, found {}", line_, expected, found);
  }

  void take(char c) {
    if (c == '\n') line_++;
    if (c == '.' && ++dots_ >= kMostParts) return refuse(fmt::format("a key of at most {} parts", kMostParts), "more");
    if (c == '[' || c == '{') open(c);
    if (c == ']' || c == '}') close();
    if (std::string_view(",=[]{}\n").find(c) != std::string_view::npos) dots_ = 0;
    const bool begins_value = c == '=' && !in_value_;
    if (begins_value) in_value_ = true;
    if (c == ',') in_value_ = !inside('{');
    if (c == '\n' && open_.empty()) in_value_ = false;
    at_start_ = begins_value || c == ',' || c == '[' || c == '{' || is_blank(c);
  }

  // The brackets of a table's name hold a key: [a.b]
  void open(char c) {
    open_ += in_value_ || c == '{' ? c : 'k';
    if (c == '{') in_value_ = false;
    if (open_.size() > kDeepest) refuse(fmt::format("at most {} levels of lists and tables", kDeepest), "more");
  }
  void close() {
    in_value_ = open_.empty() || open_.back() != 'k';
    if (!open_.empty()) open_.pop_back();
  }
  bool inside(char c) const { return !open_.empty() && open_.back() == c; }

  // From the first quotation mark of a text to its last one.
  void skip_text(char quote) {
    const bool is_long = text_.substr(at_, 3) == std::string(3, quote);
    const std::size_t marks = is_long ? 3 : 1;
    for (at_ += marks; at_ < text_.size(); at_++) {
      if (text_[at_] == '\n') line_++;
      if (text_[at_] == '\n' && !is_long) return;
      if (text_[at_] == '\\' && quote == '"') {
        skip_escaped(is_long);
      } else if (text_.substr(at_, marks) == std::string(marks, quote)) {
        at_ += marks - 1;
        for (int more = 0; is_long && more < 2 && at_ + 1 < text_.size() && text_[at_ + 1] == quote; more++) at_++;
        return;
      }
    }
  }

  // From a backslash to what it changes: one character, or in a long text the blanks up to the next one.
  void skip_escaped(bool is_long) {
    at_++;
    const std::size_t first = at_;
    while (is_long && at_ < text_.size() && is_blank(text_[at_])) {
      if (text_[at_] == '\n') line_++;
      at_++;
    }
    if (at_ < text_.size() && !is_ascii(text_[at_])) refuse("ASCII behind a backslash", "another letter");
    if (at_ > first) at_--;  // the next one is looked at as any other
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1, dots_ = 0;
  std::string open_;       // brackets, outermost first
  bool in_value_ = false;  // not in a key
  bool at_start_ = true;   // of a word: where a quotation mark begins a text
  std::string fault_;
};

}  // namespace

std::string toml_fault(std::string_view text) {
  return Scan(text).fault();
}

}  // namespace ddpg
