// Any bytes as status.json, summary.json and machine.json of a run.
#include <string>

#include "ddpg/error.h"
#include "experiment/experiment.h"
#include "record/run_record.h"
#include "run/run_status.h"
#include "scratch_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ddpg;
  static const ExperimentFolder experiment = [] {
    ExperimentPlan plan;
    plan.options.environment = "Pendulum-v1";
    return ExperimentFolder::create(plan, testing::scratch_folder() / "experiment");
  }();
  static const std::filesystem::path run = experiment.run(0);
  static const bool made = std::filesystem::create_directory(run);
  static_cast<void>(made);
  for (const char* name : {"status.json", "summary.json", "machine.json"})
    testing::scratch_file(std::string("experiment/seed0/") + name, {reinterpret_cast<const char*>(data), size});
  read_run(run);
  experiment.look_at(0);
  try {
    read_status(run);
  } catch (const Error&) {
  }
  return 0;
}
