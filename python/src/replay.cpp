// ddpg.ReplayBuffer: the replay buffer that agents have inside, for learning rules of the caller's own.
#include "agent/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "arrays.h"
#include "ddpg/random.h"

namespace ddpg::python {
namespace {

class ReplayBuffer {
 public:
  ReplayBuffer(int observation_size, int action_size, std::int64_t capacity, int copies, std::uint64_t seed)
      : width_(checked("observation_size", observation_size)),
        size_(checked("action_size", action_size)),
        last_(static_cast<std::size_t>(checked("copies", copies))),
        replay_(observation_size, action_size, checked_capacity(capacity), copies),
        random_(seed, "replay") {}

  void add(nb::handle observations, nb::handle actions, nb::handle rewards, nb::handle next, nb::handle terminated,
           nb::handle truncated, nb::handle copy) {
    const TransitionRows rows("[replay] add", observations, actions, rewards, next, terminated, truncated, width_,
                              size_);
    const std::size_t n = rows.n;
    if (copy.is_none() && n != last_.size())
      throw UsageError(
          fmt::format("[replay] add: copy=None means a row for each of {} copies, found {} rows", last_.size(), n));
    const std::int64_t one = copy.is_none() ? 0 : nb::cast<std::int64_t>(nb::int_(copy));
    if (one < 0 || one >= static_cast<std::int64_t>(last_.size()))
      throw UsageError(fmt::format("[replay] add: there is no copy {}: expected 0 to {}", one, last_.size() - 1));
    check_finite(rows.observations.all(), "observations");
    check_finite(rows.next_observations.all(), "next_observations");
    check_finite(rows.actions.all(), "actions");
    check_finite(rows.rewards.all(), "rewards");
    for (std::size_t i = 0; i < n; i++)
      store(copy.is_none() ? i : static_cast<std::size_t>(one), rows.observation(i), rows.action(i), rows.result(i),
            rows.next_observation(i));
  }

  Named sample(int batch_size, double discount, int steps) {
    if (batch_size < 1 || steps < 1 || !(discount >= 0 && discount <= 1))
      throw UsageError(
          fmt::format("[replay] sample: expected batch_size >= 1, n_step >= 1 and 0 <= discount <= 1, "
                      "found {}, {} and {}",
                      batch_size, steps, discount));
    if (replay_.size() == 0) throw UsageError("[replay] sample: it is empty; add() comes first");
    Minibatch minibatch(batch_size, static_cast<int>(width_), static_cast<int>(size_));
    for (std::int64_t& index : minibatch.index)
      index =
          replay_.kept().begin + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(replay_.size())));
    replay_.gather_returns(minibatch.index, static_cast<float>(discount), steps, minibatch);
    const auto rows = static_cast<std::size_t>(batch_size);
    Named found;
    found["observations"] = array_of(minibatch.observation.view());
    found["actions"] = array_of(minibatch.action.view());
    found["rewards"] = new_array(std::span<const float>(minibatch.reward), {rows});
    found["next_observations"] = array_of(minibatch.next_observation.view());
    found["discounts"] = new_array(std::span<const float>(minibatch.discount), {rows});
    return found;
  }

  Named at(std::int64_t age) {
    const std::int64_t place = age < 0 ? age + replay_.size() : age;
    if (place < 0 || place >= replay_.size())
      throw nb::index_error(fmt::format("there is no transition {} of {}", age, replay_.size()).c_str());
    const StoredTransition stored = replay_.at(place);
    Named found;
    found["observation"] = new_array(std::span<const float>(stored.observation), {width_});
    found["action"] = new_array(std::span<const float>(stored.action), {size_});
    found["reward"] = stored.reward;
    found["next_observation"] = new_array(std::span<const float>(stored.next_observation), {width_});
    found["terminated"] = stored.terminated;
    found["truncated"] = stored.truncated;
    return found;
  }

  std::int64_t size() const { return replay_.size(); }
  std::int64_t capacity() const { return replay_.capacity(); }

 private:
  static int checked(const char* name, int value) {
    if (value < 1) throw UsageError(fmt::format("[replay] expected {} >= 1, found {}", name, value));
    return value;
  }
  static std::int64_t checked_capacity(std::int64_t capacity) {
    if (capacity < 1 || capacity > Replay::kMostCapacity)
      throw UsageError(
          fmt::format("[replay] expected a capacity of 1 to {}, found {}", Replay::kMostCapacity, capacity));
    return capacity;
  }

  template <class Number>
  static void check_finite(std::span<const Number> numbers, const char* name) {
    if (!std::ranges::all_of(numbers, [](Number x) { return std::isfinite(static_cast<float>(x)); }))
      throw UsageError(fmt::format("[replay] add: {} hold a number that is not finite (of 32 bits)", name));
  }

  static nb::object array_of(ConstPanels panels) {
    std::vector<float> numbers;
    numbers.reserve(static_cast<std::size_t>(panels.rows) * static_cast<std::size_t>(panels.width));
    for (int r = 0; r < panels.rows; r++)
      for (int c = 0; c < panels.width; c++) numbers.push_back(panels.at(r, c));
    return new_array(std::span<const float>(numbers),
                     {static_cast<std::size_t>(panels.rows), static_cast<std::size_t>(panels.width)});
  }

  // Where one begins with the observation that the one before ended with, they are of one episode.
  void store(std::size_t copy, std::span<const double> observation, std::span<const float> action,
             const StepResult& result, std::span<const double> next) {
    std::vector<double>& last = last_[copy];
    const int number = static_cast<int>(copy);
    if (!std::ranges::equal(last, observation)) {
      replay_.cut_episode(number);
      replay_.begin_episode(observation, number);
    }
    replay_.add(action, result.reward, result.terminated, result.truncated, next, number);
    last.assign(next.begin(), next.end());
    if (result.terminated || result.truncated) last.clear();
  }

  std::size_t width_, size_;
  std::vector<std::vector<double>> last_;  // [copies]: what followed the last transition; none: an episode begins
  Replay replay_;
  RandomStream random_;
};

}  // namespace

void bind_replay(nb::module_& module) {
  using namespace nb::literals;
  nb::class_<ReplayBuffer>(
      module, "ReplayBuffer",
      "The last `capacity` transitions, sampled uniformly: each observation is kept once, as 32-bit "
      "floats. For learning rules of one's own; an Agent has one inside.")
      .def(nb::init<int, int, std::int64_t, int, std::uint64_t>(), "observation_size"_a, "action_size"_a,
           "capacity"_a = 1'000'000, "copies"_a = 1, "seed"_a = 0)
      .def("add", &ReplayBuffer::add, "observations"_a, "actions"_a, "rewards"_a, "next_observations"_a, "terminated"_a,
           "truncated"_a, "copy"_a.none() = 0,
           "One transition, or a row each of several that follow each other, of that copy of the world; None: a row of "
           "each copy.")
      .def("sample", &ReplayBuffer::sample, "batch_size"_a, "discount"_a = 0.99, "n_step"_a = 1,
           "A minibatch as arrays: observations, actions, rewards (of n_step steps, discounted), next_observations, "
           "discounts (of what follows; 0 where the episode terminated).")
      .def("__len__", &ReplayBuffer::size)
      .def("__getitem__", &ReplayBuffer::at, "index"_a, "One transition, counted from the oldest.")
      .def_prop_ro("capacity", &ReplayBuffer::capacity);
}

}  // namespace ddpg::python
