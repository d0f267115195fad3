// Any bytes as the progress.csv of an older run: read for the report, for an experiment, and by a run that is resumed.
#include <string>

#include "ddpg/error.h"
#include "experiment/experiment.h"
#include "record/append_file.h"
#include "record/csv.h"
#include "record/run_record.h"
#include "run/line_sums.h"
#include "scratch_folder.h"

namespace ddpg {
namespace {

// Of an experiment with one seed, whose run folder holds the bytes.
const ExperimentFolder& experiment() {
  static const ExperimentFolder folder = [] {
    ExperimentPlan plan;
    plan.options.environment = "Pendulum-v1";
    return ExperimentFolder::create(plan, testing::scratch_folder() / "experiment");
  }();
  return folder;
}

}  // namespace
}  // namespace ddpg

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ddpg;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static const std::filesystem::path run = experiment().run(0);
  static const bool made = std::filesystem::create_directory(run);
  static_cast<void>(made);
  testing::scratch_file("experiment/seed0/progress.csv", bytes);
  read_run(run);
  experiment().look_at(0);
  check_lines(bytes, bytes);
  std::string sums;
  for (std::size_t end = 16; end <= bytes.size(); end += 16) sums += sum_of_line(bytes.substr(end - 16, 15), end);
  check_lines(bytes, sums);
  try {
    AppendFile table("csv", run / "progress.csv");
    table.continue_lines(csv_header(), 3, 1'000, {});
  } catch (const Error&) {
  }
  return 0;
}
