// The one interface between ddpg and the world it acts in. Implement `Environment`, register a factory under a name,
// and the task is trained, evaluated and listed like a built-in one (examples/02_your_own_environment).
#pragma once

#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "ddpg/picture.h"
#include "ddpg/random.h"

namespace ddpg {

/// What a step gives back beside the observation.
struct StepResult {
  double reward = 0;
  bool terminated = false;  ///< the task reached a terminal state: nothing follows, so nothing is bootstrapped
  bool truncated = false;   ///< the episode was cut (time limit): the value of the last observation still counts
  /// The simulator failed in this step: nothing followed the action. The step is not counted and not learnt from, and
  /// the episode ends, as truncated, with the one before. With on_breakdown = "end_episode" what step() throws becomes
  /// this.
  bool broke_down = false;
};

/// The goals of a task that shows in each observation which goal it is asked for and which one it has reached, as
/// Gymnasium-Robotics does. Needed by hindsight replay (replay.hindsight) and by nothing else.
struct Goals {
  int size = 0;      ///< numbers in a goal; 0: the task has none
  int achieved = 0;  ///< where the goal that was reached begins in an observation
  int desired = 0;   ///< where the goal that is asked for begins
  /// What a step is worth when it led to `achieved` and was asked for `desired`: reward and terminated of each result,
  /// as step() gives them. Both are [results.size(), size], row after row. A pure function; it is called by the thread
  /// that learns, beside the steps of environments.
  std::function<void(std::span<const double> achieved, std::span<const double> desired, std::span<StepResult> results)>
      judge{};
};

/// What a task looks like from outside. Constant over the life of an environment.
struct Specification {
  std::string name{};                ///< e.g. "Pendulum-v1"
  int observation_size = 0;          ///< numbers in an observation, >= 1
  std::vector<float> action_low{};   ///< lower bound of each action dimension: what is really sent, from -1e18 to 1e18
  std::vector<float> action_high{};  ///< upper bound of each, likewise, above action_low
  int time_limit = 0;                ///< steps after which an episode is truncated; 0: none
  double control_period = 0;         ///< seconds of the task's time in a step, for the speed of videos; 0: unknown
  /// What the numbers are, for those who read a policy file: one for each number, or empty: unknown. Units as in
  /// "rad/s", "N m"; "" for a number without one.
  std::vector<std::string> observation_names{}, observation_units{}, action_names{}, action_units{};
  /// What Environment::metrics() measures: one name for each figure, of letters, digits, '_', '-' and '.', such as
  /// "distance" or "energy.motor1". They become columns of every record. Empty: nothing.
  std::vector<std::string> metric_names{};
  Goals goals{};

  int action_size() const { return static_cast<int>(action_low.size()); }
};

/// What an episode is for: the training learns from it, or it tests the policy, without noise.
enum class Purpose { training, testing };

/// A continuous-control task. One object is one copy of the world; ddpg makes as many as it needs from a factory and
/// never shares one between threads. The spans passed in have the sizes of the specification.
class Environment {
 public:
  virtual ~Environment() = default;

  virtual const Specification& specification() const = 0;

  /// Begins an episode from a random state drawn from `random` alone and writes its first observation.
  virtual void reset(RandomStream& random, std::span<double> observation) = 0;

  /// Plays `action` for one control step and writes the observation that follows: at the end of an episode the true
  /// last one. Time limits are kept by ddpg from `Specification::time_limit`, wherever it plays; an environment need
  /// not count.
  virtual StepResult step(std::span<const float> action, std::span<double> observation) = 0;

  /// Optional: what this object is used for from the next reset() on. Training, unless it says otherwise. One object
  /// may serve both (evaluate_on = "training").
  virtual void set_purpose(Purpose purpose) { (void)purpose; }

  /// Optional: figures of the last step, one for each of Specification::metric_names. Their means over an episode are
  /// recorded, of training and of test episodes. NaN: not measured in this step.
  virtual void metrics(std::span<double> values) const;

  /// Optional: everything that the next steps depend on, as numbers; empty when the environment does not offer it.
  virtual std::vector<double> save_state() const { return {}; }
  /// Optional: continues exactly from what save_state() returned. Throws Error where that is not offered.
  virtual void restore_state(std::span<const double> state);

  /// Optional: the names that draw() takes beside "", the usual view.
  virtual std::vector<std::string> cameras() const { return {}; }
  /// Draws the present state and changes nothing of it. The caller sets width and height of the picture. Throws
  /// UsageError for a size out of range or an unknown camera, Error where the environment has no picture or a part is
  /// missing.
  void draw(Picture& picture, const std::string& camera = "") const;

 protected:
  /// Optional: what draw() calls once it has checked its arguments and made room in picture.rgb.
  virtual void draw_state(Picture& picture, const std::string& camera) const;
};

using SettingValue = std::variant<bool, double, std::string, std::vector<double>>;

/// One constructor option of an environment, from `--set env.key=value` or the `[env]` table of a config. A whole
/// number is a number like any other: `settings["length"] = 1`.
struct Setting : SettingValue {
  using SettingValue::SettingValue;
  template <std::integral Integer>
  requires(!std::same_as<Integer, bool>) Setting(Integer number) : SettingValue(static_cast<double>(number)) {}
};
using EnvironmentSettings = std::map<std::string, Setting>;

using EnvironmentFactory = std::function<std::unique_ptr<Environment>(const EnvironmentSettings&)>;

/// A task that can be asked for by name.
struct EnvironmentEntry {
  std::string name{};              ///< "Pendulum-v1"
  std::string summary{};           ///< one line for `ddpg envs`
  long suggested_steps = 100'000;  ///< steps that `train` takes without --steps, >= 1
  std::string expected{};          ///< the score to expect, with its source; may be empty
  EnvironmentFactory make{};
};

/// Adds a task (or replaces one of the same name). Safe to call from any thread. Throws UsageError for an entry without
/// a name or a factory, or with no steps to suggest.
void register_environment(EnvironmentEntry entry);
/// Every task, sorted by name.
std::vector<EnvironmentEntry> environments();
/// The task of that name; throws UsageError naming the nearest names when there is none.
EnvironmentEntry find_environment(const std::string& name);
/// Makes the task of that name with its time limit kept (`StepResult::truncated`). Settings of every task, which its
/// factory does not see: "max_episode_steps", another time limit, and "wrap.NAME" (ddpg/wrappers.h). Throws UsageError
/// on an unknown name or setting, and Error when the specification is inconsistent. Where there is a time limit, an
/// action or observation of another size than the specification's is a UsageError too.
std::unique_ptr<Environment> make_environment(const std::string& name, const EnvironmentSettings& settings = {});

}  // namespace ddpg
