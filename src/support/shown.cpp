#include "support/shown.h"

#include <fmt/format.h>

#include <cstdint>

#include "support/utf8.h"

namespace ddpg {

namespace {

// Controls, line and paragraph separators, marks that turn the direction of writing.
bool is_printable(std::uint32_t c) {
  const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
  const bool separator = c == 0x2028 || c == 0x2029;
  const bool direction = c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  return !control && !separator && !direction && c != 0xFEFF;
}

std::string escaped_bytes(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  return text;
}

std::string printable(std::string_view text, bool keep_lines) {
  std::string result;
  while (!text.empty()) {
    const auto [character, size] = first_character(text);
    const std::string_view bytes = text.substr(0, size);
    const bool plain = is_printable(character) || (keep_lines && character == '\n');
    result += plain ? std::string(bytes) : escaped_bytes(bytes);
    text.remove_prefix(size);
  }
  return result;
}

}  // namespace

std::string shown(std::string_view text) {
  return printable(text, false);
}

std::string shown(const std::string& text) {
  return printable(text, false);
}

std::string shown(const char* text) {
  return printable(text, false);
}

std::string shown(const std::filesystem::path& path) {
  return path.empty() ? "\"\"" : printable(path.native(), false);
}

std::string shown_lines(std::string_view text) {
  return printable(text, true);
}

std::string typed(const std::filesystem::path& path) {
  const std::string plain = path.native().starts_with('-') ? "./" + path.native() : path.native();
  static constexpr std::string_view kHarmless =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./+,=:@%";
  if (!plain.empty() && plain.find_first_not_of(kHarmless) == std::string::npos) return plain;
  const bool escapes = shown(plain) != plain;  // as bash, zsh and ksh read them: $'\x1b'
  std::string quoted;
  for (const char c : plain) {
    if (c == '\'') quoted += escapes ? "\\" : "'\\'";
    if (c == '\\' && escapes) quoted += "\\";
    quoted += c;
  }
  return escapes ? "$'" + shown(quoted) + "'" : "'" + quoted + "'";
}

}  // namespace ddpg
