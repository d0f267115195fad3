#include "program/policy_file.h"

#include <fmt/format.h>

#include "ddpg/error.h"
#include "run/checkpoints.h"
#include "run/task_record.h"
#include "run/training.h"
#include "support/paths.h"
#include "support/shown.h"

namespace ddpg::cli {

namespace fs = std::filesystem;

void add_target(Flags& flags, std::string& target) {
  flags.argument("RUN|POLICY", target, "folder of a run, or a policy file");
}

Policy load_policy(const fs::path& file) {
  if (is_checkpoint_name(file.filename().native())) return policy_of_checkpoint(file);
  return Policy::load(file.string());
}

fs::path policy_file(const std::string& target, const std::string& verb, bool best) {
  if (target.empty()) {
    throw UsageError(fmt::format("which run or policy? For example `ddpg {} runs/Pendulum-v1/default-seed0`.", verb));
  }
  const fs::path path = target;
  if (!is_there(path)) throw UsageError(fmt::format("{}: there is no such run folder or policy file", shown(target)));
  if (!is_folder(path) && best)
    throw UsageError(fmt::format("--best is for the folder of a run, and {} is a file", shown(target)));
  if (!is_folder(path)) return path;
  const char* name = best ? "best.ddpg" : "policy.ddpg";
  if (is_there(path / name)) return path / name;
  throw UsageError(
      fmt::format("{}: this folder holds no {}; give a run folder in which a policy was saved", shown(target), name));
}

std::unique_ptr<Environment> environment_of(const Policy& policy, const fs::path& file) {
  auto environment = make_environment(policy.provenance().environment, policy.provenance().env);
  check_task_of(policy, file, *environment);
  return environment;
}

}  // namespace ddpg::cli
