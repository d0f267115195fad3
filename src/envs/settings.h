// Reads the constructor options of one environment. Every read declares a key; finish() then refuses whatever was not
// declared.
#pragma once

#include <string>
#include <vector>

#include "ddpg/environment.h"

namespace ddpg {

/// Collects everything wrong with the settings, so that one message names all of it.
class SettingReader {
 public:
  SettingReader(std::string environment, const EnvironmentSettings& settings);

  /// The finite number under `key`, or `otherwise` where it is not set.
  double number(const std::string& key, double otherwise);
  /// Throws UsageError when a key has the wrong type or was never asked for.
  void finish() const;

 private:
  std::string environment_;
  const EnvironmentSettings& settings_;
  std::vector<std::string> allowed_;
  std::vector<std::string> problems_;
};

}  // namespace ddpg
