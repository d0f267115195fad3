// Wrappers by name: which there are, in which order they stand, what their settings may be.
#include "envs/wrappers.h"

#include <cmath>

#include "envs/settings.h"
#include "envs/stateful_wrapper.h"
#include "envs/stepped_together.h"

namespace ddpg {
namespace {

constexpr std::string_view kPrefix = "wrap.";
constexpr const char* kLimit = "max_episode_steps";
constexpr int kMostDelay = 1'000;

class OtherLimit final : public StatefulWrapper {
 public:
  OtherLimit(EnvironmentPointer inside, int steps) : StatefulWrapper(std::move(inside)) {
    specification_.time_limit = steps;
  }
  std::optional<Carried> carried() const override { return Carried{}; }
};

bool is_own(const std::string& key) {
  return key != kLimit && !key.starts_with(kPrefix);
}

DelayRange delay(SettingReader& reader, const std::string& key) {
  const std::vector<double> steps = reader.numbers(key, 0, kMostDelay);
  if (steps.empty()) return {};
  const DelayRange range{static_cast<int>(steps.front()), static_cast<int>(steps.back())};
  const bool whole = steps.front() == range.low && steps.back() == range.high;
  if (steps.size() > 2 || !whole || range.low > range.high)
    reader.refuse(key, "a whole number of steps, or two, [least, most]");
  return range;
}

// From the world outwards: a delay of the action is the world's, so is the noise of a sensor; a low-pass, and what is
// remembered, belong to who acts.
EnvironmentPointer wrapped(EnvironmentPointer environment, const EnvironmentSettings& settings,
                           const std::string& prefix) {
  const std::string name = environment->specification().name;
  SettingReader reader(name, settings);
  const int repeat = reader.count(prefix + "action_repeat", 1, 1);
  const DelayRange of_action = delay(reader, prefix + "action_delay");
  const DelayRange of_observation = delay(reader, prefix + "observation_delay");
  const std::vector<double> noise = reader.numbers(prefix + "sensor_noise", 0, HUGE_VAL);
  const std::vector<double> share = reader.numbers(prefix + "low_pass", 0, 1);
  const bool time = reader.flag(prefix + "time_left", false);
  const int actions = reader.count(prefix + "last_actions", 0, 0);
  const int frames = reader.count(prefix + "frame_stack", 1, 1);
  if (share.size() > 1 || (share.size() == 1 && share[0] == 0))
    reader.refuse(prefix + "low_pass", "a number in (0, 1]");
  constexpr int kMostRemembered = 1'000;
  if (actions > kMostRemembered) reader.refuse(prefix + "last_actions", "at most 1000");
  if (frames > kMostRemembered) reader.refuse(prefix + "frame_stack", "at most 1000");
  reader.finish();

  if (!settings.empty() && !is_stepped_together(*environment)) environment = check_observations(std::move(environment));
  if (repeat > 1) environment = repeat_actions(std::move(environment), repeat);
  if (of_action.high > 0) environment = delay_actions(std::move(environment), of_action);
  if (of_observation.high > 0) environment = delay_observations(std::move(environment), of_observation);
  if (!noise.empty()) environment = add_sensor_noise(std::move(environment), noise);
  if (!share.empty()) environment = filter_actions(std::move(environment), share[0]);
  if (time) environment = show_time_left(std::move(environment));
  if (actions > 0) environment = show_last_actions(std::move(environment), actions);
  if (frames > 1) environment = stack_frames(std::move(environment), frames);
  return environment;
}

}  // namespace

EnvironmentSettings own_settings(const EnvironmentSettings& settings) {
  EnvironmentSettings own;
  for (const auto& [key, setting] : settings)
    if (is_own(key)) own.emplace(key, setting);
  return own;
}

EnvironmentPointer as_asked(EnvironmentPointer environment, const EnvironmentSettings& settings) {
  EnvironmentSettings of_wrappers;
  for (const auto& [key, setting] : settings)
    if (!is_own(key)) of_wrappers.emplace(key, setting);
  if (of_wrappers.empty()) return environment;
  if (of_wrappers.contains(kLimit)) {
    const EnvironmentSettings limit{{kLimit, of_wrappers[kLimit]}};
    SettingReader reader(environment->specification().name, limit);
    const int steps = reader.count(kLimit, 0, 1);
    reader.finish();
    environment = std::make_unique<OtherLimit>(std::move(environment), steps);
    of_wrappers.erase(kLimit);
  }
  return wrapped(std::move(environment), of_wrappers, std::string(kPrefix));
}

EnvironmentPointer wrap(EnvironmentPointer environment, const EnvironmentSettings& settings) {
  return wrapped(std::move(environment), settings, "");
}

}  // namespace ddpg
