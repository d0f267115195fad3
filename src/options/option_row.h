// How a row of the option table is made: a range, and a chain of pointers to member from which type, accessors and
// check follow. Not here: the rows (option_table.cpp).
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "options/option_table.h"

namespace ddpg {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

// An interval of finite numbers; open ends are left out of it.
struct Range {
  double low = 0;
  double high = kInfinity;
  bool low_open = false;
  bool high_open = false;
  bool infinite = false;  // an infinite number is one, too

  bool contains(double x) const {
    if (infinite && std::isinf(x)) return true;
    return std::isfinite(x) && (low_open ? x > low : x >= low) && (high_open ? x < high : x <= high);
  }
  std::string text() const {
    if (high == kInfinity) return fmt::format("{} {}", low_open ? ">" : ">=", low);
    return fmt::format("in {}{}, {}{}", low_open ? '(' : '[', low, high, high_open ? ')' : ']');
  }
};

constexpr Range at_least(double low) {
  return {.low = low};
}
constexpr Range above(double low) {
  return {.low = low, .low_open = true};
}
constexpr Range between(double low, double high) {
  return {.low = low, .high = high};
}
constexpr Range below(double low, double high) {
  return {.low = low, .high = high, .high_open = true};
}
constexpr Range up_to(double low, double high) {
  return {.low = low, .high = high, .low_open = true};
}
inline constexpr Range kNoRange = {.low = -kInfinity};
inline constexpr Range kAnyNumber = {.low = -kInfinity, .infinite = true};

inline constexpr Range kLayers = between(1, 16);

// What people call the type; for an enumeration its names.
template <class Value>
std::string type_name() {
  if constexpr (std::is_enum_v<Value>) {
    Value unused{};
    return read_value(RawValue(), unused);
  } else {
    if (std::is_same_v<Value, bool>) return "boolean";
    if (std::is_same_v<Value, std::string>) return "text";
    if (std::is_same_v<Value, Scheduled>) return "number or schedule";
    if (std::is_same_v<Value, std::vector<int>>) return "list of integers";
    if (std::is_same_v<Value, std::vector<double>>) return "list of numbers";
    if (std::is_same_v<Value, std::vector<std::string>>) return "list of texts";
    return std::is_integral_v<Value> ? "integer" : "number";
  }
}

// Says what `value` must be, or "" when it is that already.
template <class Number>
std::string fault(const Number& value, const Range& range) {
  const double number = static_cast<double>(value);
  if (range.contains(number)) return "";
  if (range.infinite) return "a number";
  return std::isfinite(number) ? range.text() : "a finite number " + range.text();
}
inline std::string fault(const Scheduled& schedule, const Range& range) {
  std::string wrong = fault(schedule.first(), range);
  for (const Scheduled::Point& point : schedule.points())
    if (wrong.empty()) wrong = fault(point.value, range);
  return wrong;
}
inline std::string fault(const std::vector<double>& numbers, const Range& range) {
  const bool good = std::all_of(numbers.begin(), numbers.end(), [&](double x) { return range.contains(x); });
  return good ? "" : "finite numbers, each " + range.text();
}
inline std::string fault(const std::uint64_t& value, const Range&) {
  constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
  return value <= std::uint64_t{highest} ? "" : fmt::format("<= {}, the largest integer of TOML", highest);
}
inline std::string fault(const std::vector<int>& widths, const Range& range) {
  const bool good = kLayers.contains(static_cast<double>(widths.size())) &&
                    std::all_of(widths.begin(), widths.end(), [&](int width) { return range.contains(width); });
  return good ? "" : fmt::format("{:.0f} to {:.0f} widths, each {}", kLayers.low, kLayers.high, range.text());
}
template <class Enum>
requires std::is_enum_v<Enum> std::string fault(const Enum& value, const Range&) {
  return to_toml_value(value).empty() ? type_name<Enum>() : "";
}
inline std::string fault(const bool&, const Range&) {
  return "";
}
inline std::string fault(const std::string&, const Range&) {
  return "";
}
inline std::string fault(const std::vector<std::string>& texts, const Range&) {
  return std::find(texts.begin(), texts.end(), "") == texts.end() ? "" : "names, none of them empty";
}

// The row of the option that `path`, a chain of pointers to member, leads to.
template <class... Path>
OptionEntry row(std::string name, Range range, std::string meaning, std::string source, Path... path) {
  const auto member = [=](auto& options) -> auto& {
    return (options.*....*path);
  };
  using Value = std::remove_cvref_t<decltype(member(std::declval<Options&>()))>;
  OptionEntry entry;
  entry.name = name;
  entry.type = type_name<Value>();
  const bool ranged = range.low != -kInfinity;
  if (ranged) entry.range = std::is_same_v<Value, std::vector<int>> ? fault(Value{}, range) : range.text();
  entry.meaning = std::move(meaning);
  entry.source = std::move(source);
  if (std::is_same_v<Value, std::vector<int>> || std::is_same_v<Value, std::vector<double>>)
    entry.reading = Reading::list;
  const bool takes_text = std::is_same_v<Value, std::string> || std::is_same_v<Value, std::vector<std::string>>;
  if (takes_text || std::is_enum_v<Value>) entry.reading = Reading::text;
  entry.value = [=](const Options& options) { return to_toml_value(member(options)); };
  entry.set = [=](Options& options, const RawValue& raw) { return read_value(raw, member(options)); };
  entry.copy = [=](const Options& from, Options& to) { member(to) = member(from); };
  entry.violation = [=](const Options& options) -> std::string {
    const std::string must_be = fault(member(options), range);
    return must_be.empty() ? "" : fmt::format("{} = {} must be {}", name, to_toml_value(member(options)), must_be);
  };
  return entry;
}

// The row of an option that may change in the middle of a training.
inline OptionEntry in_the_middle(OptionEntry entry) {
  entry.in_the_middle = true;
  return entry;
}

// The rows of ActorOptions and CriticOptions (option_table_networks.cpp).
void add_actor_rows(std::vector<OptionEntry>& table);
void add_critic_rows(std::vector<OptionEntry>& table);
// The rows of EncoderOptions and AssessmentOptions (option_table_td7.cpp).
void add_encoder_rows(std::vector<OptionEntry>& table);
void add_assessment_rows(std::vector<OptionEntry>& table);
// All rows (option_table.cpp).
std::vector<OptionEntry> make_option_table();

}  // namespace ddpg
