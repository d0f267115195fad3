#include "module.h"

#include "ddpg/version.h"

NB_MODULE(_core, module) {
  using namespace ddpg::python;
  module.doc() = "What the package ddpg is made of; import ddpg itself.";
  module.attr("__version__") = ddpg::kVersion;
  bind_errors(module);
  bind_options(module);
  bind_specification(module);
  bind_policy(module);
  bind_network(module);
  bind_replay(module);
  bind_exploration(module);
  bind_agent(module);
  bind_data(module);
  bind_environments(module);
  bind_training(module);
  bind_program(module);
}
