// Settings of an environment: types checked, unknown keys refused with the nearest known ones.
#include "envs/settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "ddpg/error.h"
#include "support/shown.h"
#include "support/suggest.h"

namespace ddpg {
namespace {

std::string describe(const Setting& setting) {
  struct Describe {
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(double value) const { return fmt::format("{}", value); }
    std::string operator()(const std::string& value) const { return fmt::format("\"{}\"", shown(value)); }
    std::string operator()(const std::vector<double>& value) const {
      return fmt::format("[{}]", fmt::join(value, ", "));
    }
  };
  return std::visit(Describe{}, setting);
}

}  // namespace

SettingReader::SettingReader(std::string environment, const EnvironmentSettings& settings)
    : environment_(std::move(environment)), settings_(settings) {}

const Setting* SettingReader::find(const std::string& key) {
  allowed_.push_back(key);
  const auto found = settings_.find(key);
  return found == settings_.end() ? nullptr : &found->second;
}

void SettingReader::refuse(const std::string& key, const Setting& setting, const std::string& expected) {
  problems_.push_back(fmt::format("env.{} = {} must be {}", key, describe(setting), expected));
}

double SettingReader::number(const std::string& key, double otherwise) {
  const Setting* setting = find(key);
  if (setting == nullptr) return otherwise;
  const double* value = std::get_if<double>(setting);
  if (value != nullptr && std::isfinite(*value)) return *value;
  refuse(key, *setting, "a finite number");
  return otherwise;
}

int SettingReader::count(const std::string& key, int otherwise, int low) {
  const Setting* setting = find(key);
  if (setting == nullptr) return otherwise;
  const double* value = std::get_if<double>(setting);
  if (value != nullptr && *value >= low && *value <= 1e9 && *value == std::floor(*value))
    return static_cast<int>(*value);
  refuse(key, *setting, fmt::format("a whole number of at least {}", low));
  return otherwise;
}

bool SettingReader::flag(const std::string& key, bool otherwise) {
  const Setting* setting = find(key);
  if (setting == nullptr) return otherwise;
  if (const bool* value = std::get_if<bool>(setting)) return *value;
  refuse(key, *setting, "true or false");
  return otherwise;
}

std::string SettingReader::text(const std::string& key, const std::string& otherwise) {
  const Setting* setting = find(key);
  if (setting == nullptr) return otherwise;
  if (const std::string* value = std::get_if<std::string>(setting)) return *value;
  refuse(key, *setting, "a text");
  return otherwise;
}

std::pair<std::string, int> SettingReader::name_or_number(const std::string& key, int otherwise) {
  const auto found = settings_.find(key);
  if (found == settings_.end() || std::holds_alternative<double>(found->second)) return {"", count(key, otherwise, 0)};
  return {text(key, ""), otherwise};
}

std::array<double, 2> SettingReader::range(const std::string& key, std::array<double, 2> otherwise) {
  const Setting* setting = find(key);
  if (setting == nullptr) return otherwise;
  const auto* value = std::get_if<std::vector<double>>(setting);
  if (value != nullptr && value->size() == 2 && (*value)[0] <= (*value)[1]) return {(*value)[0], (*value)[1]};
  refuse(key, *setting, "two numbers, [low, high]");
  return otherwise;
}

std::vector<double> SettingReader::numbers(const std::string& key, double low, double high) {
  const Setting* setting = find(key);
  if (setting == nullptr) return {};
  const double* one = std::get_if<double>(setting);
  const auto* several = std::get_if<std::vector<double>>(setting);
  const std::vector<double> values = one ? std::vector{*one} : several ? *several : std::vector<double>{};
  const bool fit = std::ranges::all_of(values, [&](double x) { return std::isfinite(x) && x >= low && x <= high; });
  if (!values.empty() && fit) return values;
  const std::string range =
      std::isfinite(high) ? fmt::format("from {} to {}", low, high) : fmt::format("of at least {}", low);
  refuse(key, *setting, fmt::format("a number {}, or a list of such", range));
  return {};
}

void SettingReader::refuse(const std::string& key, const std::string& expected) {
  if (const auto found = settings_.find(key); found != settings_.end()) refuse(key, found->second, expected);
}

void SettingReader::finish() const {
  std::vector<std::string> problems = problems_;
  for (const auto& [key, setting] : settings_) {
    if (std::find(allowed_.begin(), allowed_.end(), key) != allowed_.end()) continue;
    problems.push_back(fmt::format("env.{} is none of its settings.{}", key, did_you_mean(key, allowed_)));
  }
  if (problems.empty()) return;
  const std::string offered =
      allowed_.empty() ? "It has no settings" : fmt::format("Its settings are: {}", fmt::join(allowed_, ", "));
  for (std::string& problem : problems)
    if (!problem.ends_with('.') && !problem.ends_with('?')) problem += '.';
  throw UsageError(fmt::format("[{}] {} {}", environment_, fmt::join(problems, " "), offered));
}

}  // namespace ddpg
