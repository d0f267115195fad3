// The module ddpg._core: what Python calls. Each part of it is bound in a file of its own; the package python/ddpg
// makes of them what users see.
#pragma once

#include <nanobind/nanobind.h>

namespace ddpg::python {

namespace nb = nanobind;

// For type checkers: a dict by names.
using Named = nb::typed<nb::dict, nb::str, nb::any>;

void bind_errors(nb::module_& module);
void bind_options(nb::module_& module);
void bind_specification(nb::module_& module);
void bind_policy(nb::module_& module);
void bind_network(nb::module_& module);
void bind_replay(nb::module_& module);
void bind_exploration(nb::module_& module);
void bind_agent(nb::module_& module);
void bind_data(nb::module_& module);
void bind_environments(nb::module_& module);
void bind_training(nb::module_& module);
void bind_program(nb::module_& module);

}  // namespace ddpg::python
