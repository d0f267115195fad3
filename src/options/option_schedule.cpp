// Numbers that change over a training as text: "linear:0.01:0.001:100000", "cosine:0.01:0.001:100000",
// "steps:0.01:50000:0.001:80000:0.0001".
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "options/option_value.h"

namespace ddpg {
namespace {

constexpr const char* kExpected =
    "a number or a schedule, such as linear:0.01:0.001:100000 (from, to, within so many steps), cosine: likewise, or "
    "steps:0.01:50000:0.001 (a number, then a step and the number from there on)";
constexpr double kMostSteps = 1e15;

std::vector<std::string_view> parts(std::string_view text) {
  std::vector<std::string_view> found;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(':', at), text.size());
    found.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return found;
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  if (!read_value(raw_from_text(text, Reading::any), value).empty()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> step(std::string_view text) {
  std::int64_t value = 0;
  const bool whole = read_value(raw_from_text(text, Reading::any), value).empty();
  if (!whole || value < 1 || static_cast<double>(value) > kMostSteps) return std::nullopt;
  return value;
}

std::optional<Scheduled> ramp(const std::vector<std::string_view>& words) {
  if (words.size() != 4) return std::nullopt;
  const auto from = number(words[1]), to = number(words[2]);
  const auto over = step(words[3]);
  if (!from || !to || !over) return std::nullopt;
  return words[0] == "linear" ? Scheduled::linear(*from, *to, *over) : Scheduled::cosine(*from, *to, *over);
}

std::optional<Scheduled> stairs(const std::vector<std::string_view>& words) {
  if (words.size() < 4 || words.size() % 2 != 0) return std::nullopt;
  const auto first = number(words[1]);
  std::vector<Scheduled::Point> points;
  for (std::size_t i = 2; i < words.size(); i += 2) {
    const auto at = step(words[i]);
    const auto value = number(words[i + 1]);
    if (!at || !value || (!points.empty() && *at <= points.back().step)) return std::nullopt;
    points.push_back({*at, *value});
  }
  if (!first) return std::nullopt;
  return Scheduled::steps(*first, std::move(points));
}

}  // namespace

std::string to_toml_value(const Scheduled& value) {
  using Shape = Scheduled::Shape;
  if (value.is_constant()) return to_toml_value(value.first());
  std::string text = value.shape() == Shape::linear ? "linear" : value.shape() == Shape::cosine ? "cosine" : "steps";
  text += fmt::format(":{}", value.first());
  for (const Scheduled::Point& point : value.points())
    text += value.shape() == Shape::steps ? fmt::format(":{}:{}", point.step, point.value)
                                          : fmt::format(":{}:{}", point.value, point.step);
  return to_toml_value(text);
}

std::string read_value(const RawValue& raw, Scheduled& value) {
  const auto* text = std::get_if<std::string>(&raw);
  if (text == nullptr) {
    double constant = 0;
    if (!read_value(raw, constant).empty()) return kExpected;
    value = constant;
    return "";
  }
  const std::vector<std::string_view> words = parts(*text);
  std::optional<Scheduled> read;
  if (words[0] == "linear" || words[0] == "cosine") read = ramp(words);
  if (words[0] == "steps") read = stairs(words);
  if (!read) return kExpected;
  value = *read;
  return "";
}

}  // namespace ddpg
