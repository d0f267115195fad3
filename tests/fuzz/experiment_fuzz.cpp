// Any bytes as an experiment.toml: they are refused with an Error, or the plan written again is read as the same plan.
#include <cstdlib>
#include <string>

#include "ddpg/error.h"
#include "experiment/experiment_toml.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ddpg;
  ExperimentPlan plan, again;
  try {
    apply_experiment_toml(plan, {reinterpret_cast<const char*>(data), size}, "x");
  } catch (const Error&) {
    return 0;
  }
  const std::string written = experiment_to_toml(plan);
  apply_experiment_toml(again, written, "written");
  if (experiment_to_toml(again) != written) std::abort();
  return 0;
}
