// Wrappers of what is seen: whether all of it was written, delay, noise, time, actions, a stack of frames.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "ddpg/error.h"
#include "envs/observation_room.h"
#include "envs/stateful_wrapper.h"
#include "envs/stream_numbers.h"
#include "envs/wrappers.h"

namespace ddpg {
namespace {

class CheckedObservation final : public Wrapper {
 public:
  explicit CheckedObservation(EnvironmentPointer inside)
      : Wrapper(std::move(inside)), room_(specification().observation_size) {}

  void reset(RandomStream& random, std::span<double> observation) override {
    inside().reset(random, room_.cleared());
    hand_out(observation);
  }
  StepResult step(std::span<const float> action, std::span<double> observation) override {
    const StepResult result = inside().step(action, room_.cleared());
    hand_out(observation);
    return result;
  }
  std::optional<Carried> carried() const override { return Carried{}; }

 private:
  void hand_out(std::span<double> observation) const {
    room_.check(inside());
    std::ranges::copy(room_.numbers(), observation.begin());
  }

  ObservationRoom room_;
};

// memory: the delay of this episode, then the observations, the newest first.
class ObservationDelay final : public StatefulWrapper {
 public:
  ObservationDelay(EnvironmentPointer inside, DelayRange delay) : StatefulWrapper(std::move(inside)), delay_(delay) {
    memory_.resize(1 + static_cast<std::size_t>(delay.high + 1) * observation_size());
    memory_[0] = delay.low;
    specification_.goals = {};  // the goal that is shown as reached is an older one
  }

  void reset(RandomStream& random, std::span<double> observation) override {
    inside().reset(random, observation);
    memory_[0] = delay_.low + static_cast<int>(random.below(static_cast<std::uint64_t>(delay_.high - delay_.low) + 1));
    for (std::size_t i = 1; i < memory_.size(); i++) memory_[i] = observation[(i - 1) % observation_size()];
  }
  StepResult step(std::span<const float> action, std::span<double> observation) override {
    const StepResult result = inside().step(action, observation);
    std::copy_backward(memory_.begin() + 1, memory_.end() - static_cast<std::ptrdiff_t>(observation_size()),
                       memory_.end());
    std::copy(observation.begin(), observation.end(), memory_.begin() + 1);
    std::copy_n(memory_.begin() + 1 + static_cast<std::ptrdiff_t>(memory_[0]) * std::ssize(observation),
                observation.size(), observation.begin());
    return result;
  }

 private:
  void check_memory(std::span<const double> memory) const override { check_delay(memory[0], delay_.low, delay_.high); }

  DelayRange delay_;
};

// memory: the state of its stream, which each episode begins anew, in halves that a double holds exactly.
class SensorNoise final : public StatefulWrapper {
 public:
  SensorNoise(EnvironmentPointer inside, std::vector<double> deviation)
      : StatefulWrapper(std::move(inside)), deviation_(std::move(deviation)) {
    if (deviation_.size() == 1) deviation_.resize(observation_size(), deviation_.front());
    if (deviation_.size() != observation_size())
      throw UsageError(
          fmt::format("[{}] env.wrap.sensor_noise has {} numbers; expected 1, or {}, one for each of its "
                      "observations",
                      specification_.name, deviation_.size(), observation_size()));
    memory_.resize(kStreamNumbers, 1);
    specification_.goals = {};  // rewards are by what was reached, which is not what is shown
  }

  void reset(RandomStream& random, std::span<double> observation) override {
    inside().reset(random, observation);
    RandomStream stream(random.bits(), "sensor noise");
    disturb(stream, observation);
  }
  StepResult step(std::span<const float> action, std::span<double> observation) override {
    const StepResult result = inside().step(action, observation);
    RandomStream stream = stream_of(memory_);
    disturb(stream, observation);
    return result;
  }

 private:
  void check_memory(std::span<const double> memory) const override {
    if (is_stream(memory)) return;
    throw Error(
        fmt::format("[{}] the random stream of the sensor noise in a state: expected {} whole numbers from 0 to 2^32 - "
                    "1 that are not all 0, found {}",
                    specification_.name, kStreamNumbers, fmt::join(memory, ", ")));
  }
  void disturb(RandomStream& stream, std::span<double> observation) {
    for (std::size_t i = 0; i < observation.size(); i++) observation[i] += deviation_[i] * stream.normal();
    memory_.clear();
    add_stream(stream, memory_);
  }

  std::vector<double> deviation_;
};

// Observations with more behind them. Names and units stay complete, where the task has any.
class MoreObserved : public StatefulWrapper {
 protected:
  explicit MoreObserved(EnvironmentPointer inside) : StatefulWrapper(std::move(inside)), own_(observation_size()) {}

  void add_observation(const std::string& name) {
    specification_.observation_size++;
    if (!specification_.observation_names.empty()) specification_.observation_names.push_back(name);
    if (!specification_.observation_units.empty()) specification_.observation_units.emplace_back();
  }

  std::size_t own_;  // numbers of the observation inside
};

// memory: steps played.
class TimeLeft final : public MoreObserved {
 public:
  explicit TimeLeft(EnvironmentPointer inside) : MoreObserved(std::move(inside)) {
    if (specification_.time_limit < 1)
      throw UsageError(
          fmt::format("[{}] env.wrap.time_left needs a time limit, and the task has none; "
                      "env.max_episode_steps sets one",
                      specification_.name));
    memory_.resize(1);
    add_observation("time left");
  }

  void reset(RandomStream& random, std::span<double> observation) override {
    inside().reset(random, observation.first(own_));
    memory_[0] = 0;
    observation[own_] = 1;
  }
  StepResult step(std::span<const float> action, std::span<double> observation) override {
    const StepResult result = inside().step(action, observation.first(own_));
    memory_[0]++;
    observation[own_] = 1 - memory_[0] / specification_.time_limit;
    return result;
  }
  std::optional<Carried> carried() const override {
    return Carried{Carried::Kind::time_left, specification_.time_limit};
  }
};

// memory: the actions in [-1, 1], the newest first.
class LastActions final : public MoreObserved {
 public:
  LastActions(EnvironmentPointer inside, int count) : MoreObserved(std::move(inside)) {
    memory_.resize(static_cast<std::size_t>(count) * action_size());
    const auto& names = specification_.action_names;
    for (std::size_t i = 0; i < memory_.size(); i++) {
      const std::size_t of = i % action_size();
      const std::string action = names.empty() || names[of].empty() ? fmt::format("action {}", of) : names[of];
      add_observation(fmt::format("{}, {} steps ago", action, i / action_size() + 1));
    }
  }

  void reset(RandomStream& random, std::span<double> observation) override {
    inside().reset(random, observation.first(own_));
    std::ranges::fill(memory_, 0);
    std::ranges::copy(memory_, observation.begin() + static_cast<std::ptrdiff_t>(own_));
  }
  StepResult step(std::span<const float> action, std::span<double> observation) override {
    const StepResult result = inside().step(action, observation.first(own_));
    std::copy_backward(memory_.begin(), memory_.end() - static_cast<std::ptrdiff_t>(action_size()), memory_.end());
    for (std::size_t i = 0; i < action.size(); i++) {
      const double low = specification_.action_low[i], high = specification_.action_high[i];
      memory_[i] = (action[i] - (low + high) / 2) / ((high - low) / 2);
    }
    std::ranges::copy(memory_, observation.begin() + static_cast<std::ptrdiff_t>(own_));
    return result;
  }
  std::optional<Carried> carried() const override {
    return Carried{Carried::Kind::last_actions, static_cast<int>(memory_.size() / action_size())};
  }
};

// memory: the observations, the newest last.
class FrameStack final : public MoreObserved {
 public:
  FrameStack(EnvironmentPointer inside, int count) : MoreObserved(std::move(inside)) {
    memory_.resize(static_cast<std::size_t>(count) * own_);
    const std::vector<std::string> names = specification_.observation_names, units = specification_.observation_units;
    specification_.observation_size *= count;
    specification_.goals = {};  // each is shown several times
    specification_.observation_names.clear();
    specification_.observation_units.clear();
    for (int ago = count - 1; ago >= 0; ago--) {
      for (const std::string& name : names)
        specification_.observation_names.push_back(ago == 0 ? name : fmt::format("{}, {} steps ago", name, ago));
      specification_.observation_units.insert(specification_.observation_units.end(), units.begin(), units.end());
    }
  }

  void reset(RandomStream& random, std::span<double> observation) override {
    inside().reset(random, newest());
    for (std::size_t i = 0; i < memory_.size() - own_; i++) memory_[i] = newest()[i % own_];
    std::ranges::copy(memory_, observation.begin());
  }
  StepResult step(std::span<const float> action, std::span<double> observation) override {
    std::copy(memory_.begin() + static_cast<std::ptrdiff_t>(own_), memory_.end(), memory_.begin());
    const StepResult result = inside().step(action, newest());
    std::ranges::copy(memory_, observation.begin());
    return result;
  }
  std::optional<Carried> carried() const override {
    return Carried{Carried::Kind::frame_stack, static_cast<int>(memory_.size() / own_)};
  }

 private:
  std::span<double> newest() { return std::span(memory_).last(own_); }
};

}  // namespace

EnvironmentPointer check_observations(EnvironmentPointer inside) {
  return std::make_unique<CheckedObservation>(std::move(inside));
}

EnvironmentPointer delay_observations(EnvironmentPointer inside, DelayRange delay) {
  return std::make_unique<ObservationDelay>(std::move(inside), delay);
}

EnvironmentPointer add_sensor_noise(EnvironmentPointer inside, const std::vector<double>& deviation) {
  return std::make_unique<SensorNoise>(std::move(inside), deviation);
}

EnvironmentPointer show_time_left(EnvironmentPointer inside) {
  return std::make_unique<TimeLeft>(std::move(inside));
}

EnvironmentPointer show_last_actions(EnvironmentPointer inside, int count) {
  return std::make_unique<LastActions>(std::move(inside), count);
}

EnvironmentPointer stack_frames(EnvironmentPointer inside, int count) {
  return std::make_unique<FrameStack>(std::move(inside), count);
}

}  // namespace ddpg
