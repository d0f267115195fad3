#include "support/decimal.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <system_error>

namespace ddpg {
namespace {

constexpr std::int64_t kFar = 1'000'000;  // an exponent beyond every number's; longer texts do not come here

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// +-0.d1d2d3... * 10^exponent, where d1 and the last digit are not 0; no digits: zero.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
};

// One sign at most, and none before a sign.
std::string_view without_plus(std::string_view text) {
  const bool plus = text.starts_with('+') && text.size() > 1 && text[1] != '-' && text[1] != '+';
  return plus ? text.substr(1) : text;
}

// Of a text that std::from_chars takes for a finite decimal number.
Decimal decimal_of(std::string_view text) {
  Decimal number;
  number.negative = text.starts_with('-');
  if (number.negative) text.remove_prefix(1);
  bool behind_point = false;
  std::size_t i = 0;
  for (; i < text.size() && (is_digit(text[i]) || text[i] == '.'); i++) {
    if (text[i] == '.') {
      behind_point = true;
      continue;
    }
    if (number.digits.empty() && text[i] == '0') {
      number.exponent -= behind_point ? 1 : 0;
      continue;
    }
    number.digits += text[i];
    number.exponent += behind_point ? 0 : 1;
  }
  number.digits.erase(number.digits.find_last_not_of('0') + 1);
  if (i == text.size()) return number;
  const std::string_view written = without_plus(text.substr(i + 1));  // behind the e
  std::int64_t exponent = 0;
  const bool huge =
      std::from_chars(written.data(), written.data() + written.size(), exponent).ec == std::errc::result_out_of_range;
  if (huge || exponent > kFar || exponent < -kFar) exponent = written.starts_with('-') ? -kFar : kFar;
  number.exponent += exponent;
  return number;
}

}  // namespace

std::optional<double> read_real(std::string_view text) {
  text = without_plus(text);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument) return std::nullopt;
  if (error == std::errc()) return value;
  const Decimal number = decimal_of(text);
  const double size = number.exponent > 0 ? std::numeric_limits<double>::infinity() : 0.0;
  return number.negative ? -size : size;
}

std::optional<std::int64_t> read_whole(std::string_view text) {
  const std::optional<double> real = read_real(text);
  if (!real || !std::isfinite(*real)) return std::nullopt;
  const Decimal number = decimal_of(without_plus(text));
  if (number.digits.empty()) return 0;
  const auto written = static_cast<std::int64_t>(number.digits.size());
  if (number.exponent < written || number.exponent > 19) return std::nullopt;
  const std::string digits = (number.negative ? "-" : "") + number.digits +
                             std::string(static_cast<std::size_t>(number.exponent - written), '0');
  std::int64_t value = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), value).ec != std::errc()) return std::nullopt;
  return value;
}

}  // namespace ddpg
