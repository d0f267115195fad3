// Settings of an environment: types checked, unknown keys refused with the nearest known ones.
#include "envs/settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "ddpg/error.h"
#include "support/suggest.h"

namespace ddpg {
namespace {

std::string describe(const Setting& setting) {
  struct Describe {
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(double value) const { return fmt::format("{}", value); }
    std::string operator()(const std::string& value) const { return fmt::format("\"{}\"", value); }
    std::string operator()(const std::vector<double>& value) const {
      return fmt::format("[{}]", fmt::join(value, ", "));
    }
  };
  return std::visit(Describe{}, setting);
}

}  // namespace

SettingReader::SettingReader(std::string environment, const EnvironmentSettings& settings)
    : environment_(std::move(environment)), settings_(settings) {}

double SettingReader::number(const std::string& key, double otherwise) {
  allowed_.push_back(key);
  const auto found = settings_.find(key);
  if (found == settings_.end()) return otherwise;
  const double* value = std::get_if<double>(&found->second);
  if (value != nullptr && std::isfinite(*value)) return *value;
  problems_.push_back(fmt::format("env.{} = {} must be a finite number", key, describe(found->second)));
  return otherwise;
}

void SettingReader::finish() const {
  std::vector<std::string> problems = problems_;
  for (const auto& [key, setting] : settings_) {
    if (std::find(allowed_.begin(), allowed_.end(), key) != allowed_.end()) continue;
    problems.push_back(fmt::format("env.{} is not a setting of it.{}", key, did_you_mean(key, allowed_)));
  }
  if (problems.empty()) return;
  const std::string offered =
      allowed_.empty() ? "it has no settings" : fmt::format("its settings are: {}", fmt::join(allowed_, ", "));
  throw UsageError(fmt::format("[{}] {}; {}", environment_, fmt::join(problems, "; "), offered));
}

}  // namespace ddpg
