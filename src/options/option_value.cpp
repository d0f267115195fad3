// Writing and reading of single option values. Numbers go through fmt, which knows no locale. Names of enumerations:
// option_names.cpp.
#include "options/option_value.h"
#include "support/shown.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

namespace ddpg {
namespace {

template <class Integer>
std::string read_integer(const RawValue& raw, Integer& value) {
  constexpr std::int64_t lowest = std::is_signed_v<Integer> ? std::int64_t{std::numeric_limits<Integer>::min()} : 0;
  constexpr std::int64_t highest = static_cast<std::int64_t>(
      std::min<std::uint64_t>(std::numeric_limits<Integer>::max(), std::numeric_limits<std::int64_t>::max()));
  const std::string too_large = fmt::format("an integer from {} to {}", lowest, highest);
  std::int64_t integer = 0;
  if (const auto* given = std::get_if<std::int64_t>(&raw)) {
    integer = *given;
  } else if (const auto* real = std::get_if<double>(&raw); real && std::trunc(*real) == *real) {
    if (!(std::fabs(*real) < 0x1p63)) return too_large;
    if (!(std::fabs(*real) < kExact)) return "an integer, in digits alone where it is so large";
    integer = static_cast<std::int64_t>(*real);
  } else {
    return "an integer";
  }
  if (integer < lowest || integer > highest) return too_large;
  value = static_cast<Integer>(integer);
  return "";
}

}  // namespace

std::string describe(const RawValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return fmt::format("the text \"{}\"", shown(*text));
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return fmt::format("the integer {}", *integer);
  if (const auto* real = std::get_if<double>(&value)) return fmt::format("the number {}", *real);
  if (const auto* list = std::get_if<std::vector<double>>(&value)) return fmt::format("the list {}", *list);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "the boolean true" : "the boolean false";
  if (std::holds_alternative<std::vector<std::string>>(value)) return "a list of texts";
  return "a value of another kind";
}

std::string to_toml_value(bool value) {
  return value ? "true" : "false";
}
std::string to_toml_value(int value) {
  return fmt::format("{}", value);
}
std::string to_toml_value(std::int64_t value) {
  return fmt::format("{}", value);
}
std::string to_toml_value(std::uint64_t value) {
  return fmt::format("{}", value);
}

std::string to_toml_value(double value) {
  if (std::isnan(value)) return "nan";
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".ein") == std::string::npos) text += ".0";  // else TOML would read an integer
  return text;
}

std::string to_toml_value(const std::string& value) {
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      text += '\\';
      text += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      text += fmt::format("\\u{:04X}", static_cast<int>(c));
    } else {
      text += c;
    }
  }
  return text + '"';
}

std::string to_toml_value(const std::vector<int>& value) {
  return fmt::format("[{}]", fmt::join(value, ", "));
}

std::string to_toml_value(const std::vector<double>& value) {
  std::vector<std::string> elements;
  for (const double element : value) elements.push_back(to_toml_value(element));
  return fmt::format("[{}]", fmt::join(elements, ", "));
}

std::string to_toml_value(const std::vector<std::string>& value) {
  std::vector<std::string> elements;
  for (const std::string& element : value) elements.push_back(to_toml_value(element));
  return fmt::format("[{}]", fmt::join(elements, ", "));
}

std::string to_toml_value(const Setting& value) {
  const auto* list = std::get_if<std::vector<double>>(&value);
  if (!list) {
    if (const auto* text = std::get_if<std::string>(&value)) return to_toml_value(*text);
    if (const auto* real = std::get_if<double>(&value)) return to_toml_value(*real);
    return to_toml_value(std::get<bool>(value));
  }
  return to_toml_value(*list);
}

std::string to_toml_key(const std::string& key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  return bare ? key : to_toml_value(key);
}

std::string read_value(const RawValue& raw, bool& value) {
  const auto* given = std::get_if<bool>(&raw);
  if (!given) return "true or false";
  value = *given;
  return "";
}

std::string read_value(const RawValue& raw, int& value) {
  return read_integer(raw, value);
}
std::string read_value(const RawValue& raw, std::int64_t& value) {
  return read_integer(raw, value);
}
std::string read_value(const RawValue& raw, std::uint64_t& value) {
  return read_integer(raw, value);
}

std::string read_value(const RawValue& raw, double& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&raw)) {
    value = static_cast<double>(*integer);
  } else if (const auto* real = std::get_if<double>(&raw)) {
    value = *real;
  } else {
    return "a number";
  }
  return "";
}

std::string read_value(const RawValue& raw, std::string& value) {
  const auto* text = std::get_if<std::string>(&raw);
  if (!text) return "a text in quotes";
  value = *text;
  return "";
}

std::string read_value(const RawValue& raw, std::vector<int>& value) {
  const std::string expected = "a list of integers such as [400, 300]";
  const auto* list = std::get_if<std::vector<double>>(&raw);
  if (!list) return expected;
  std::vector<int> integers(list->size());
  for (std::size_t i = 0; i < list->size(); ++i) {
    if (!read_integer((*list)[i], integers[i]).empty()) return expected;
  }
  value = std::move(integers);
  return "";
}

std::string read_value(const RawValue& raw, std::vector<double>& value) {
  const auto* list = std::get_if<std::vector<double>>(&raw);
  if (!list) return "a list of numbers such as [1, 0.5]";
  value = *list;
  return "";
}

// One text is a list of one, and "" none.
std::string read_value(const RawValue& raw, std::vector<std::string>& value) {
  const auto* numbers = std::get_if<std::vector<double>>(&raw);
  if (const auto* list = std::get_if<std::vector<std::string>>(&raw))
    value = *list;
  else if (const auto* text = std::get_if<std::string>(&raw))
    value = text->empty() ? std::vector<std::string>() : std::vector{*text};
  else if (numbers && numbers->empty())  // [] is a list of anything
    value.clear();
  else
    return "a list of texts such as [\"a.csv\", \"b.npz\"]";
  return "";
}

Setting to_setting(const RawValue& raw) {
  if (const auto* flag = std::get_if<bool>(&raw)) return *flag;
  if (const auto* text = std::get_if<std::string>(&raw)) return *text;
  if (const auto* list = std::get_if<std::vector<double>>(&raw)) return *list;
  double number = 0;
  read_value(raw, number);
  return number;
}

}  // namespace ddpg
