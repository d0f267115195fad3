// ddpg.Policy: a trained policy as a callable of arrays.
#include "policy.h"

#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>

#include "arrays.h"
#include "errors.h"
#include "policy/content.h"
#include "policy/format.h"

namespace ddpg::python {
namespace {

nb::object act(SharedPolicy& self, nb::handle given, nb::handle out) {
  const Numbers<double> observations(given);
  const auto width = static_cast<std::size_t>(self.policy.observation_size());
  const auto size = static_cast<std::size_t>(self.policy.action_size());
  const bool many = observations.dimensions() > 1;
  const std::size_t rows = many ? observations.size() / width : 1;
  if (observations.dimensions() > 2 || !observations.is_rows(rows, width))
    throw UsageError("[policy] expected an observation of shape (" + std::to_string(width) +
                     ",), or rows of them, of shape (n, " + std::to_string(width) + "); found " + observations.shape());
  const Output actions = many ? Output(out, rows * size, {rows, size}) : Output(out, size, {size});
  {
    const nb::gil_scoped_release release;
    const std::lock_guard lock(self.mutex);
    for (std::size_t i = 0; i < rows; i++)
      self.policy.act(observations.row(i, width), actions.numbers().subspan(i * size, size));
  }
  return actions.object();
}

// work(what a robot has of it); the interpreter's lock is given up before the policy's is waited for.
template <class Work>
auto with_robot(SharedPolicy& self, const Work& work) {
  const nb::gil_scoped_release release;
  const std::lock_guard lock(self.mutex);
  if (!self.robot.loaded()) {
    const std::string bytes = encode_policy(self.policy.content());
    const deploy::Status status = self.robot.load(bytes.data(), bytes.size());
    if (!status) throw Error(status.message);
  }
  return work(self.robot);
}

int sensor_size(SharedPolicy& self) {
  return with_robot(self, [](const deploy::Policy& robot) { return robot.sensor_size(); });
}

nb::object play(SharedPolicy& self, nb::handle given, nb::handle out) {
  const Numbers<double> sensors(given);
  const auto width = static_cast<std::size_t>(sensor_size(self));
  if (sensors.dimensions() > 1 || sensors.size() != width)
    throw UsageError("[policy] play() takes one observation at a time, of shape (" + std::to_string(width) +
                     ",); found " + sensors.shape());
  const auto size = static_cast<std::size_t>(self.policy.action_size());
  const Output action(out, size, {size});
  const deploy::Code code =
      with_robot(self, [&](deploy::Policy& robot) { return robot.play(sensors.row(0, width), action.numbers()); });
  if (code != deploy::Code::ok)
    throw Error(
        "[policy] the observation, or the action for it, is not a finite number (of 32 bits); nothing is "
        "remembered of this step");
  return action.object();
}

nb::object array_of(std::span<const float> numbers) {
  return new_array(numbers, {numbers.size()});
}

Named provenance(const SharedPolicy& self) {
  const Provenance& of = self.policy.provenance();
  Named told;
  told["environment"] = of.environment;
  told["preset"] = of.preset;
  told["seed"] = of.seed;
  told["step"] = of.step;
  told["mean_return"] = of.mean_return;
  told["version"] = of.version;
  return told;
}

nb::bytes state(const SharedPolicy& self) {
  const std::string bytes = encode_policy(self.policy.content());
  return nb::bytes(bytes.data(), bytes.size());
}

}  // namespace

void bind_policy(nb::module_& module) {
  using namespace nb::literals;
  nb::class_<SharedPolicy>(module, "Policy",
                           "A trained policy: policy(observation) is its action. Can be pickled and copied.")
      .def_static(
          "load",
          [](const std::string& path) {
            return reading(path, [&] { return std::make_unique<SharedPolicy>(Policy::load(path)); });
          },
          "path"_a, "Reads a policy file.")
      .def(
          "save", [](const SharedPolicy& self, const std::string& path) { self.policy.save(path); }, "path"_a,
          "Writes a policy file, whole or not at all.")
      .def("__call__", act, "observation"_a, "out"_a = nb::none(),
           nb::sig("def __call__(self, observation: object, out: numpy.ndarray | None = None) -> numpy.ndarray"),
           "The action for an observation, or an action for each row of several: the network alone.")
      .def("play", play, "observation"_a, "out"_a = nb::none(),
           nb::sig("def play(self, observation: object, out: numpy.ndarray | None = None) -> numpy.ndarray"),
           "The action of a control step with the wrappers that the policy carries (stacked frames, last actions, the "
           "time left, a low-pass), for the task's own observation of sensor_size numbers. It remembers from step to "
           "step: reset() begins an episode. Of a policy without such wrappers: the same as calling it.")
      .def(
          "reset", [](SharedPolicy& self) { with_robot(self, [](deploy::Policy& robot) { robot.reset(); }); },
          "An episode begins: play() has seen and done nothing.")
      .def_prop_ro("sensor_size", sensor_size, "Numbers that play() takes: the task's own observation.")
      .def_prop_ro("observation_size", [](const SharedPolicy& self) { return self.policy.observation_size(); })
      .def_prop_ro("action_size", [](const SharedPolicy& self) { return self.policy.action_size(); })
      .def_prop_ro("action_low", [](const SharedPolicy& self) { return array_of(self.policy.action_low()); })
      .def_prop_ro("action_high", [](const SharedPolicy& self) { return array_of(self.policy.action_high()); })
      .def_prop_ro("specification", [](const SharedPolicy& self) { return self.policy.specification(); })
      .def_prop_ro("provenance", provenance,
                   "Where it comes from: environment, preset, seed, step, mean_return, version.")
      .def(
          "verify", [](SharedPolicy& self) { return self.policy.verify(); },
          "Acts on the check pairs of its file; the largest difference.")
      .def(
          "to_torch", [](nb::object self) { return nb::module_::import_("ddpg._torch").attr("Actor")(self); },
          "As a torch.nn.Module, from observations to actions.")
      .def("__copy__", [](const SharedPolicy& self) { return std::make_unique<SharedPolicy>(self.policy); })
      .def(
          "__deepcopy__",
          [](const SharedPolicy& self, nb::handle) { return std::make_unique<SharedPolicy>(self.policy); }, "memo"_a)
      .def("__getstate__", state)
      .def("__setstate__",
           [](SharedPolicy& self, const nb::bytes& bytes) {
             new (&self) SharedPolicy(Policy(decode_policy({bytes.c_str(), bytes.size()}, "pickle")));
           })
      .def("__repr__", [](const SharedPolicy& self) {
        return "<ddpg.Policy of " + self.policy.provenance().environment + ", step " +
               std::to_string(self.policy.provenance().step) + ">";
      });
}

}  // namespace ddpg::python
