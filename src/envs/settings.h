// Reads the constructor options of one environment. Every read declares a key; finish() then refuses whatever was not
// declared.
#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "ddpg/environment.h"

namespace ddpg {

/// Collects everything wrong with the settings, so that one message names all of it.
class SettingReader {
 public:
  SettingReader(std::string environment, const EnvironmentSettings& settings);

  /// The finite number under `key`, or `otherwise` where it is not set.
  double number(const std::string& key, double otherwise);
  /// The whole number >= `low` under `key`.
  int count(const std::string& key, int otherwise, int low);
  bool flag(const std::string& key, bool otherwise);
  std::string text(const std::string& key, const std::string& otherwise);
  /// One number, or a list of them, each from `low` to `high`; empty where it is not set.
  std::vector<double> numbers(const std::string& key, double low, double high);
  /// A name, or a whole number >= 0 (the name is empty then).
  std::pair<std::string, int> name_or_number(const std::string& key, int otherwise);
  /// [low, high] with low <= high; either may be infinite.
  std::array<double, 2> range(const std::string& key, std::array<double, 2> otherwise);
  /// What is wrong with a key that was read; nothing where it is not set.
  void refuse(const std::string& key, const std::string& expected);
  /// Throws UsageError when a key has the wrong type or was never asked for.
  void finish() const;

 private:
  /// The setting under `key`, which is declared by this; null where it is not set.
  const Setting* find(const std::string& key);
  void refuse(const std::string& key, const Setting& setting, const std::string& expected);

  std::string environment_;
  const EnvironmentSettings& settings_;
  std::vector<std::string> allowed_;
  std::vector<std::string> problems_;
};

}  // namespace ddpg
