// What a world looks like: ddpg.Specification.
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <memory>

#include "arrays.h"
#include "ddpg/agent.h"
#include "errors.h"

namespace ddpg::python {
namespace {

std::vector<float> bounds(nb::handle given) {
  const auto numbers = Numbers<float>(given);
  return {numbers.all().begin(), numbers.all().end()};
}

Specification make(std::string name, int observation_size, nb::handle low, nb::handle high, int time_limit,
                   double period) {
  Specification specification;
  specification.name = std::move(name);
  specification.observation_size = observation_size;
  specification.action_low = bounds(low);
  specification.action_high = bounds(high);
  specification.time_limit = time_limit;
  specification.control_period = period;
  return specification;
}

// Held where copies are made and dropped without the interpreter's lock.
std::shared_ptr<PyObject> held(nb::object function) {
  return {function.release().ptr(), [](PyObject* object) {
            if (!nb::is_alive()) return;
            const nb::gil_scoped_acquire acquire;
            Py_DECREF(object);
          }};
}

void ask(nb::handle judge, std::size_t size, std::span<const double> achieved, std::span<const double> desired,
         std::span<StepResult> results) {
  const auto shape = {results.size(), size};
  const nb::object told = judge(new_array(achieved, shape), new_array(desired, shape));
  if (!nb::isinstance<nb::tuple>(told) || nb::len(told) != 2)
    throw Error("the judge of goals must give two arrays: rewards, terminated");
  const nb::tuple two = nb::borrow<nb::tuple>(told);
  const Numbers<double> rewards(two[0]), terminated(two[1]);
  if (rewards.size() != results.size() || terminated.size() != results.size())
    throw Error("the judge of goals must give " + std::to_string(results.size()) +
                " rewards, one for each row, and as "
                "many of terminated, found " +
                std::to_string(rewards.size()) + " and " + std::to_string(terminated.size()));
  for (std::size_t i = 0; i < results.size(); i++)
    results[i] = {.reward = rewards.all()[i], .terminated = terminated.all()[i] != 0};
}

Goals goals(int size, int achieved, int desired, nb::object judge) {
  const auto width = static_cast<std::size_t>(std::max(size, 0));
  return {size, achieved, desired,
          [function = held(std::move(judge)), width](std::span<const double> reached, std::span<const double> asked,
                                                     std::span<StepResult> results) {
            const nb::gil_scoped_acquire acquire;
            try {
              ask(function.get(), width, reached, asked, results);
            } catch (nb::python_error& error) {
              rethrow_python_error(error);
            }
          }};
}

void bind_goals(nb::module_& module) {
  using namespace nb::literals;
  nb::class_<Goals>(module, "Goals",
                    "Where the goal that was reached and the one that is asked for begin in an observation, `size` "
                    "numbers each, and what steps are worth by them: judge(achieved, desired), both [n, size], gives n "
                    "rewards and n of terminated.")
      .def(
          "__init__",
          [](Goals* self, int size, int achieved, int desired, nb::object judge) {
            new (self) Goals(goals(size, achieved, desired, std::move(judge)));
          },
          "size"_a, "achieved"_a, "desired"_a, "judge"_a,
          nb::sig("def __init__(self, size: int, achieved: int, desired: int, judge: "
                  "collections.abc.Callable[[numpy.ndarray, numpy.ndarray], tuple[object, object]]) -> None"))
      .def_ro("size", &Goals::size)
      .def_ro("achieved", &Goals::achieved)
      .def_ro("desired", &Goals::desired);
}

}  // namespace

void bind_specification(nb::module_& module) {
  using namespace nb::literals;
  bind_goals(module);
  nb::class_<Specification>(module, "Specification",
                            "What a world looks like from outside: its sizes and the bounds of its actions.")
      .def(
          "__init__",
          [](Specification* self, std::string name, int observation_size, nb::object low, nb::object high,
             int time_limit, double control_period) {
            new (self) Specification(make(std::move(name), observation_size, low, high, time_limit, control_period));
          },
          "name"_a, "observation_size"_a, "action_low"_a, "action_high"_a, "time_limit"_a = 0, "control_period"_a = 0.0,
          nb::sig("def __init__(self, name: str, observation_size: int, action_low: object, action_high: object, "
                  "time_limit: int = 0, "
                  "control_period: float = 0.0) -> None"))
      .def_ro("name", &Specification::name)
      .def_ro("observation_size", &Specification::observation_size, "Numbers in an observation.")
      .def_prop_ro("action_size", &Specification::action_size, "Numbers in an action.")
      .def_ro("action_low", &Specification::action_low, "Lower bound of each action dimension.")
      .def_ro("action_high", &Specification::action_high, "Upper bound of each action dimension.")
      .def_ro("time_limit", &Specification::time_limit, "Steps after which an episode is truncated; 0: none.")
      .def_ro("control_period", &Specification::control_period, "Seconds of the task's time in a step; 0: not told.")
      .def_rw("observation_names", &Specification::observation_names)
      .def_rw("observation_units", &Specification::observation_units)
      .def_rw("action_names", &Specification::action_names)
      .def_rw("action_units", &Specification::action_units)
      .def_rw("goals", &Specification::goals, "For hindsight replay (replay_hindsight).")
      .def("__repr__", [](const Specification& self) {
        return "<ddpg.Specification " + self.name + ": " + std::to_string(self.observation_size) + " observations, " +
               std::to_string(self.action_size()) + " actions>";
      });
  module.def(
      "violations",
      [](const Options& options, const Specification& specification) { return violations(options, specification); },
      "options"_a, "specification"_a, "Everything wrong with the options for such a world, one text each.");
}

}  // namespace ddpg::python
