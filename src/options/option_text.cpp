// What a text on the command line is taken for. Numbers go through std::from_chars, which knows no locale.
#include <algorithm>
#include <cmath>
#include <optional>

#include "options/option_value.h"
#include "support/decimal.h"

namespace ddpg {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The text without underscores, each of which must stand between two digits, as in TOML.
std::optional<std::string> without_underscores(std::string_view text) {
  std::string kept;
  for (std::size_t i = 0; i < text.size(); i++) {
    if (text[i] != '_')
      kept += text[i];
    else if (i == 0 || i + 1 == text.size() || !is_digit(text[i - 1]) || !is_digit(text[i + 1]))
      return std::nullopt;
  }
  return kept;
}

// "3" is an integer, "3.0", "1e6", "inf" and "nan" are not, unless a double could not hold them.
std::optional<RawValue> number_from_text(std::string_view given) {
  const auto text = without_underscores(given);
  if (!text) return std::nullopt;
  if (text->find_first_of(".eEinIN") == std::string::npos)
    if (const auto integer = read_whole(*text)) return *integer;
  const auto real = read_real(*text);
  const bool too_large = real && std::isinf(*real) && std::any_of(text->begin(), text->end(), is_digit);
  if (!real || too_large) return std::nullopt;
  if (std::fabs(*real) >= kExact)
    if (const auto integer = read_whole(*text)) return *integer;
  return *real;
}

std::optional<RawValue> list_from_text(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) text = trimmed(text.substr(1, text.size() - 2));
  std::vector<double> list;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const auto number = number_from_text(trimmed(text.substr(0, comma)));
    if (!number) return std::nullopt;
    const auto* integer = std::get_if<std::int64_t>(&*number);
    list.push_back(integer ? static_cast<double>(*integer) : std::get<double>(*number));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return list;
}

}  // namespace

RawValue raw_from_text(std::string_view text, Reading reading) {
  text = trimmed(text);
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  if (quoted) return std::string(text.substr(1, text.size() - 2));
  if (reading == Reading::text) return std::string(text);
  if (text == "true") return true;
  if (text == "false") return false;
  const bool list = reading == Reading::list || text.starts_with('[') || text.find(',') != std::string_view::npos;
  if (const auto value = list ? list_from_text(text) : number_from_text(text)) return *value;
  return std::string(text);
}

}  // namespace ddpg
