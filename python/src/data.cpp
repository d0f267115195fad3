// Transitions of logs, data sets and runs as arrays: ddpg.read_transitions.
#include "ddpg/data.h"

#include <nanobind/stl/string.h>

#include <vector>

#include "arrays.h"
#include "errors.h"

namespace ddpg::python {
namespace {

struct Columns {
  std::vector<double> observations, rewards, next_observations;
  std::vector<float> actions;
  std::vector<std::uint8_t> terminated, truncated;

  void take(const Transition& one) {
    observations.insert(observations.end(), one.observation.begin(), one.observation.end());
    actions.insert(actions.end(), one.action.begin(), one.action.end());
    rewards.push_back(one.reward);
    next_observations.insert(next_observations.end(), one.next_observation.begin(), one.next_observation.end());
    terminated.push_back(one.terminated);
    truncated.push_back(one.truncated);
  }
};

template <class Number>
nb::object array_of(const std::vector<Number>& numbers, std::size_t rows) {
  const std::size_t width = rows == 0 ? 0 : numbers.size() / rows;
  return new_array(std::span<const Number>(numbers), {rows, width});
}

Named read(nb::handle given, const Specification& specification) {
  const std::string file = nb::str(given).c_str();
  Columns columns;
  reading(file, [&] {
    const nb::gil_scoped_release release;
    return read_transitions(file, specification, [&](const Transition& one) { columns.take(one); });
  });
  const std::size_t rows = columns.rewards.size();
  Named told;
  told["observations"] = array_of(columns.observations, rows);
  told["actions"] = array_of(columns.actions, rows);
  told["rewards"] = new_array(std::span<const double>(columns.rewards), {rows});
  told["next_observations"] = array_of(columns.next_observations, rows);
  told["terminated"] = new_array(std::span<const std::uint8_t>(columns.terminated), {rows});
  told["truncated"] = new_array(std::span<const std::uint8_t>(columns.truncated), {rows});
  return told;
}

}  // namespace

void bind_data(nb::module_& module) {
  using namespace nb::literals;
  module.def(
      "read_transitions", read, "file"_a, "specification"_a,
      "What a log (.csv), a data set (.npz) or a run holds, as arrays: agent.add(**ddpg.read_transitions(...)).");
}

}  // namespace ddpg::python
