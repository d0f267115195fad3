// ddpg version: which program this is, and on what it runs.
#include "ddpg/version.h"

#include <fmt/format.h>

#include "nn/kernels.h"
#include "program/output.h"
#include "program/verbs.h"
#include "support/json.h"
#include "support/machine.h"

namespace ddpg::cli {

namespace {

int run_version(const Common& common) {
  if (common.json) {
    print_json({{"version", kVersion},
                {"compiler", compiler_name()},
                {"kernels", best_kernels().name},
                {"processor", processor_name()},
                {"system", system_name()},
                {"threads", hardware_threads()}});
    return kDone;
  }
  print(fmt::format("ddpg {}\n", kVersion));
  print(table({{"compiler", compiler_name()},
               {"kernels", best_kernels().name},
               {"processor", processor_name()},
               {"system", system_name()},
               {"threads", std::to_string(hardware_threads())}}));
  return kDone;
}

}  // namespace

Run add_version(Flags&) {
  return run_version;
}

}  // namespace ddpg::cli
