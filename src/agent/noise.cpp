// Noises that a program registers, by name: ddpg/noise.h.
#include "ddpg/noise.h"

#include <fmt/format.h>

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "agent/exploration.h"
#include "ddpg/error.h"
#include "support/shown.h"
#include "support/suggest.h"

namespace ddpg {
namespace {

struct Noises {
  std::mutex mutex;
  std::map<std::string, NoiseFactory> factories;
};

Noises& noises() {
  static Noises instance;
  return instance;
}

}  // namespace

void register_noise(const std::string& name, NoiseFactory make) {
  if (name.empty()) throw UsageError("[register_noise] the name must not be empty");
  if (!make) throw UsageError(fmt::format("[register_noise] {} has no factory", name));
  const std::lock_guard lock(noises().mutex);
  noises().factories[name] = std::move(make);
}

std::string why_no_noise(const std::string& name) {
  const std::lock_guard lock(noises().mutex);
  if (noises().factories.contains(name)) return "";
  std::vector<std::string> names;
  for (const auto& [known, factory] : noises().factories) names.push_back(known);
  return fmt::format(
      "exploration.process = \"{}\": no noise of that name is registered.{} A program registers its own by "
      "register_noise() (ddpg/noise.h)",
      shown(name), did_you_mean(name, names));
}

std::unique_ptr<NoiseProcess> make_noise(const std::string& name, int action_size) {
  if (const std::string why = why_no_noise(name); !why.empty()) throw UsageError("[options] " + why);
  NoiseFactory make;
  {
    const std::lock_guard lock(noises().mutex);
    make = noises().factories.at(name);  // none is ever taken away
  }
  std::unique_ptr<NoiseProcess> made = make(action_size);
  if (!made) throw Error(fmt::format("[register_noise] the factory of {} made no noise", name));
  return made;
}

}  // namespace ddpg
