#include "report/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ddpg {
namespace {

constexpr const char* kMinus = "\u2212";
constexpr const char* kNothing = "\u2013";

std::string trimmed(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace

std::string with_decimals(double value, int decimals) {
  if (!std::isfinite(value)) return std::isnan(value) ? kNothing : value > 0 ? "\u221e" : "\u2212\u221e";
  if (std::fabs(value) >= 1e15) return fmt::format("{}{:.3g}", value < 0 ? kMinus : "", std::fabs(value));
  std::string text = fmt::format("{:.{}f}", std::fabs(value), decimals);
  const bool zero = text.find_first_not_of("0.") == std::string::npos;
  for (std::size_t place = std::min(text.find('.'), text.size()); place > 3;) text.insert(place -= 3, 1, ',');
  return (value < 0 && !zero ? kMinus : "") + text;
}

std::string readable(double value) {
  const double size = std::fabs(value);
  if (!std::isfinite(value) || value == 0) return with_decimals(value, 0);
  if (size < 1e-3) return fmt::format("{}{:.2e}", value < 0 ? kMinus : "", size);
  return with_decimals(value, size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4);
}

std::string short_count(double value) {
  if (std::fabs(value) >= 1e9) return trimmed(value / 1e9, 2) + "G";
  if (std::fabs(value) >= 1e6) return trimmed(value / 1e6, 2) + "M";
  if (std::fabs(value) >= 1e4) return trimmed(value / 1e3, 1) + "k";
  return with_decimals(value, value == std::floor(value) ? 0 : 1);
}

std::string per_cent(double share) {
  return std::isnan(share) ? kNothing : fmt::format("{:.0f} %", 100 * share);
}

}  // namespace ddpg
