// What a world looks like: ddpg.Specification.
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "arrays.h"
#include "ddpg/agent.h"

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

}  // namespace

void bind_specification(nb::module_& module) {
  using namespace nb::literals;
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
