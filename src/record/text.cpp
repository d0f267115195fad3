#include "record/text.h"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

namespace ddpg {

std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  const std::size_t first_digit = number < 0 ? 1 : 0;
  for (std::size_t place = text.size(); place > first_digit + 3;) text.insert(place -= 3, 1, ',');
  return text;
}

std::string counted(std::int64_t n, const char* thing) {
  return fmt::format("{} {}{}", grouped(n), thing, n == 1 ? "" : "s");
}

std::string speed(double steps_per_second) {
  return std::isfinite(steps_per_second) ? grouped(std::llround(steps_per_second)) + " steps/s" : "- steps/s";
}

std::string human_bytes(std::size_t bytes) {
  static constexpr const char* kUnits[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
  if (bytes < 1000) return fmt::format("{} B", bytes);
  double amount = static_cast<double>(bytes) / 1000;
  int unit = 0;
  for (; amount >= 999.95 && unit < 5; unit++) amount /= 1000;
  return fmt::format("{:.1f} {}", amount, kUnits[unit]);
}

std::string human_seconds(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0 || seconds > 1e12) return "-";
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  const std::int64_t hours = whole / 3600, minutes = whole / 60 % 60;
  if (hours > 0) return fmt::format("{}:{:02}:{:02}", hours, minutes, whole % 60);
  return fmt::format("{}:{:02}", minutes, whole % 60);
}

std::string significant(double number) {
  return std::isnan(number) ? "-" : fmt::format("{:.4g}", number);
}

std::string with_deviation(double mean, double deviation) {
  if (std::isnan(mean)) return "-";
  const double size = std::fabs(mean);
  const int decimals = size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
  const std::string text = fmt::format("{:.{}f}", mean, decimals);
  return std::isnan(deviation) ? text : text + fmt::format(" ± {:.{}f}", deviation, decimals);
}

}  // namespace ddpg
